import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer } from "effect"
import { DataDirectory } from "../../src/platform/DataDirectory.ts"

// A program that holds the data directory which its first argument names, and says "held", until it is killed.

const program = Layer.effectDiscard(Effect.andThen(DataDirectory, Console.log("held"))).pipe(
  Layer.provide(DataDirectory.layer(process.argv[2] ?? ""))
)

NodeRuntime.runMain(Layer.launch(program))
