import { Console, Effect } from "effect"
import { startDynoxide } from "../../src/programs/stack/engines/dynoxide.ts"

// A program that starts a dynoxide and prints its URL, until it is killed.

Effect.runFork(Effect.scoped(Effect.andThen(Effect.flatMap(startDynoxide(), Console.log), Effect.never)))
