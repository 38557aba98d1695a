import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import { AuthorId, PictureId } from "../../domain/ids.ts"

/** One line of a file to replay. `ref` names a comment within the file; its id is the server's. */
export const Operation = Schema.Union([
  Schema.Struct({
    op: Schema.Literal("post"),
    ref: Schema.NonEmptyString,
    picture: PictureId,
    author: AuthorId,
    text: Schema.String
  }),
  Schema.Struct({ op: Schema.Literal("edit"), ref: Schema.NonEmptyString, author: AuthorId, text: Schema.String }),
  Schema.Struct({ op: Schema.Literal("delete"), ref: Schema.NonEmptyString, author: AuthorId })
])
export type Operation = typeof Operation.Type

/** An operation, and the line that it stands on, counted from 1. */
export interface NumberedOperation {
  readonly line: number
  readonly operation: Operation
}

/** The file can't be replayed. The message is a sentence that names file and line. */
export class FileRefused extends Schema.TaggedError<FileRefused>()("FileRefused", { message: Schema.String }) {}

const unreadable: Readonly<Record<string, string>> = {
  NotFound: "there is no such file",
  PermissionDenied: "this user may not",
  BadResource: "it is no file"
}

const decodeLine = Schema.decodeEffect(Schema.fromJsonString(Operation))

/** Reads and checks a whole file before anything of it is sent. */
export const readOperations = Effect.fn("readOperations")(function*(
  file: string
): Effect.fn.Return<ReadonlyArray<NumberedOperation>, FileRefused, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file).pipe(
    Effect.mapError((error) =>
      new FileRefused({ message: `${file} can't be read: ${unreadable[error.reason._tag] ?? error.message}.` })
    )
  )
  const lines = Arr.map(text.split("\n"), (json, index) => ({ json, line: index + 1 }))
    .filter(({ json }) => json.trim() !== "")
  const operations = yield* Effect.forEach(lines, ({ json, line }) =>
    decodeLine(json).pipe(
      Effect.map((operation): NumberedOperation => ({ line, operation })),
      Effect.mapError((error) => new FileRefused({ message: `${file}, line ${line}: ${error.message}` }))
    ))
  const posted = new Set<string>()
  for (const { line, operation } of operations) {
    if (operation.op === "post") {
      if (posted.has(operation.ref)) {
        return yield* new FileRefused({ message: `${file}, line ${line}: ${operation.ref} is posted twice` })
      }
      posted.add(operation.ref)
    } else if (!posted.has(operation.ref)) {
      return yield* new FileRefused({ message: `${file}, line ${line}: ${operation.ref} has not been posted before` })
    }
  }
  return operations
})
