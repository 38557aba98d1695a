import type { ReceivedAnswer } from "../history/History.ts"
import type { Moment } from "../kernel/Journal.ts"
import { describe, isReplayed, problemIn, reflectedIn } from "./answers.ts"
import { versionsBetween } from "./bounds.ts"
import { decide } from "./decide.ts"
import { isAnswer } from "./expectedAnswer.ts"
import type { Judged } from "./Judged.ts"
import { mayMeetPoison, type Stream } from "./log.ts"
import { promises, type Report } from "./promises.ts"
import { type Command, familyOf, payloadOf } from "./requests.ts"
import { boundsOf, streamOf } from "./streamOf.ts"

const explainable: ReadonlySet<string> = new Set([
  "comment-not-found",
  "comment-deleted",
  "not-the-author",
  "version-mismatch",
  "idempotency-key-reused",
  "too-much-contention"
])

/** Whether an answer says what depends on the comment's state and appends nothing. */
const needsExplanation = (answer: ReceivedAnswer, isOwn: boolean): boolean => {
  if (answer.status === 202) return false
  if (answer.status < 300) return !isOwn
  return explainable.has(problemIn(answer.body) ?? "")
}

/** Whether one of the states that the stream can have been in between two moments gives a command this answer. */
export const isExplained = (
  judged: Judged,
  command: Command,
  answer: ReceivedAnswer,
  stream: Stream,
  from: Moment,
  to: Moment
): boolean => {
  const { highest, lowest } = versionsBetween(boundsOf(judged, stream), from.tick, to.tick)
  if (mayMeetPoison(stream, highest, to.tick)) return true
  const told = reflectedIn(answer)?.version
  if (problemIn(answer.body) === "too-much-contention") {
    // Whoever decides again on what is there loses again only if somebody else has changed it.
    return told !== undefined && told > lowest && told <= highest
  }
  const tried = told === undefined ? { from: lowest, to: highest } : { from: told, to: told }
  for (let version = tried.from; version <= tried.to; version++) {
    if (version < lowest || version > highest) continue
    if (isAnswer(answer, decide(judged.attribution, stream, version, command), command, stream, version)) return true
  }
  return false
}

// The inbox keeps what was accepted under a key: another payload is refused at once.
const isRefusedByInbox = ({ attribution }: Judged, command: Command): boolean =>
  command.isAsync &&
  (attribution.families.get(familyOf(command)) ?? []).some((other) =>
    other.isAsync && payloadOf(other) !== payloadOf(command) &&
    other.exchange.sent.tick < command.exchange.ended.tick &&
    (other.exchange.answer === null || other.exchange.answer.status === 202 || other.exchange.answer.status >= 500)
  )

/** Every no-op, replay and rejection is explained by a state between its request's arrival and its answer. */
export const checkExplanations = (judged: Judged, report: Report): void => {
  for (const command of judged.commands) {
    const { exchange } = command
    const { answer, ended, sent } = exchange
    if (answer === null || !needsExplanation(answer, judged.own.has(command))) continue
    if (answer.status === 422 && isRefusedByInbox(judged, command)) continue
    const stream = streamOf(judged, command)
    if (isExplained(judged, command, answer, stream, sent, ended)) continue
    const { highest, lowest } = versionsBetween(boundsOf(judged, stream), sent.tick, ended.tick)
    const replayed = isReplayed(answer) ? "replayed " : ""
    report(
      promises.explained,
      `${command.kind} of ${command.target ?? command.picture} got ${replayed}${
        describe(answer)
      }, but ${stream.id} was at versions ${lowest} to ${highest}`,
      exchange
    )
  }
}
