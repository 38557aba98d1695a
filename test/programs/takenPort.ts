import { Effect } from "effect"
import { createServer } from "node:net"
import { listen } from "../support/serve.ts"

/** A port that somebody listens on, as it stands in a variable. */
export const takenPort = Effect.map(Effect.suspend(() => listen(createServer())), String)
