import { Effect, FileSystem, Schema } from "effect"
import { BenchError } from "../BenchError.ts"
import { CpuProfile } from "./CpuProfile.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(CpuProfile))

// Node names them CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile, and the main thread's number is 0.
const ofMainThread = /^CPU\.\d+\.\d+\.\d+\.0\.\d+\.cpuprofile$/

/** The profile of a program's main thread, out of the folder where Node left it when the program ended. */
export const readProfile = Effect.fn("readProfile")(
  function*(folder: string) {
    const files = yield* FileSystem.FileSystem
    const names = yield* files.readDirectory(folder)
    const name = names.find((name) => ofMainThread.test(name))
    if (name === undefined) return yield* new BenchError({ message: `No profile was left: ${names.join(", ")}` })
    return yield* decode(yield* files.readFileString(`${folder}/${name}`))
  },
  Effect.mapError((error) =>
    error instanceof BenchError ? error : new BenchError({ message: `The profile can't be read: ${error.message}` })
  )
)
