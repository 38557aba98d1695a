import type { ReceivedAnswer } from "../history/History.ts"
import { isReplayed, problemIn, reflectedIn } from "./answers.ts"
import type { Expected } from "./decide.ts"
import { equal } from "./equal.ts"
import type { Stream } from "./log.ts"
import { shown } from "./model.ts"
import type { Command } from "./requests.ts"

const statusOf = { post: 201, edit: 200, delete: 204 } as const
const withToken: ReadonlySet<string> = new Set(["comment-deleted", "version-mismatch"])

const isAbout = (answer: ReceivedAnswer, stream: Stream, version: number): boolean => {
  const reflected = reflectedIn(answer)
  return reflected !== null && reflected.stream === stream.id && reflected.version === version
}

/** Whether an answer shows the comment as a version left it, under the right tag and address. */
export const shows = (answer: ReceivedAnswer, command: Command, stream: Stream, version: number): boolean => {
  const comment = stream.comments[version]
  if (comment === undefined || answer.status !== statusOf[command.kind]) return false
  if (command.kind === "delete") return comment.deleted !== null
  return equal(answer.body, shown(comment)) && answer.headers["etag"] === `"${version}"` &&
    (command.kind !== "post" || answer.headers["location"] === `/comments/${stream.id}`)
}

/** Whether an answer is the one that the contract has, given what is expected at a version of the stream. */
export const isAnswer = (
  answer: ReceivedAnswer,
  expected: Expected,
  command: Command,
  stream: Stream,
  version: number
): boolean => {
  switch (expected._tag) {
    case "Accepted":
      return false
    case "Unchanged":
      return !isReplayed(answer) && isAbout(answer, stream, version) && shows(answer, command, stream, version)
    case "Replayed":
      return isReplayed(answer) && isAbout(answer, stream, version) && shows(answer, command, stream, expected.version)
    case "Refused":
      return answer.status === expected.status && problemIn(answer.body) === expected.problem &&
        (!withToken.has(expected.problem) || isAbout(answer, stream, version))
  }
}
