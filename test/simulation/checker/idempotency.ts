import type { ReceivedAnswer } from "../history/History.ts"
import { describe, isReplayed } from "./answers.ts"
import { rememberedCommands } from "./decide.ts"
import { equal } from "./equal.ts"
import type { Judged } from "./Judged.ts"
import type { Commit, Stream } from "./log.ts"
import { commitAt, streamTold, versionTold } from "./ownCommits.ts"
import { promises, type Report } from "./promises.ts"
import { type Command, payloadOf } from "./requests.ts"

interface Answered {
  readonly command: Command
  readonly answer: ReceivedAnswer
}

// Of one command the log has one commit, unless so many came between that it was forgotten. A post is never forgotten.
const checkCommits = ({ commits, id }: Stream, report: Report): void => {
  const places = new Map<string, number>()
  for (const [place, { events: [event], first }] of commits.entries()) {
    if (event === undefined) continue
    const before = places.get(event.command)
    if (before !== undefined && (before === 0 || place - before <= rememberedCommands)) {
      report(promises.onceForAKey, `command ${event.command} made versions of ${id} twice, the second is ${first}`)
    }
    places.set(event.command, place)
  }
}

const firstsOf = (answered: ReadonlyArray<Answered>) => answered.filter(({ answer }) => !isReplayed(answer))

// All that answers tell of one commit is one answer, and only one of them is the first.
const checkSame = (commit: Commit, answered: ReadonlyArray<Answered>, report: Report): void => {
  const exchanges = answered.map(({ command }) => command.exchange)
  const firsts = firstsOf(answered)
  if (firsts.length > 1) {
    report(
      promises.oneFirstAnswer,
      `${firsts.length} answers are the first of version ${commit.last} of ${commit.stream}`,
      ...exchanges
    )
  }
  const [one, ...others] = answered
  const differing = others.find(({ answer: { body, status } }) =>
    status !== one?.answer.status || !equal(body, one.answer.body)
  )
  if (one !== undefined && differing !== undefined) {
    report(
      promises.oneIdForAKey,
      `${describe(one.answer)} and ${describe(differing.answer)} for ${JSON.stringify(payloadOf(one.command))}`,
      one.command.exchange,
      differing.command.exchange
    )
  }
}

const checkSettled = (judged: Judged, family: string, answered: ReadonlyArray<Answered>, report: Report): void => {
  const byCommit = new Map<Commit, Array<Answered>>()
  for (const one of answered) {
    const id = streamTold(one.command, one.answer)
    const commit = id === null ? null : commitAt(judged.streams.get(id), versionTold(one.answer))
    if (commit === null || judged.attribution.makers.get(commit)?.family !== family) continue
    const all = byCommit.get(commit)
    if (all === undefined) byCommit.set(commit, [one])
    else all.push(one)
  }
  for (const [commit, all] of byCommit) checkSame(commit, all, report)
}

// Accepted to be decided later: one id, one payload, one first answer.
const checkAsync = (answered: ReadonlyArray<Answered>, report: Report): void => {
  const exchanges = answered.map(({ command }) => command.exchange)
  if (firstsOf(answered).length > 1) {
    report(promises.oneFirstAnswer, "a command was accepted more than once as if it were new", ...exchanges)
  }
  const told = new Set(answered.map(({ answer, command }) => `${answer.headers["location"]} ${payloadOf(command)}`))
  if (told.size > 1) report(promises.oneIdForAKey, `accepted as ${Array.from(told).join(" and ")}`, ...exchanges)
}

const isPost = ({ command }: Answered) => command.kind === "post"

/** Whoever repeats a request with its key gets the first answer again, and nothing happens twice. */
export const checkIdempotency = (judged: Judged, report: Report): void => {
  for (const stream of judged.streams.values()) checkCommits(stream, report)
  for (const [family, commands] of judged.attribution.families) {
    if (commands.length < 2) continue
    const answered = commands.flatMap((command) => {
      const { answer } = command.exchange
      return answer === null || answer.status >= 300 ? [] : [{ command, answer }]
    })
    const [later, now] = [
      answered.filter(({ answer }) => answer.status === 202),
      answered.filter(({ answer }) => answer.status !== 202)
    ]
    checkAsync(later, report)
    checkSettled(judged, family, now, report)
    const ids = new Set(now.filter(isPost).map(({ answer, command }) => streamTold(command, answer)))
    if (ids.size > 1) {
      report(
        promises.oneIdForAKey,
        `posts with one key made ${Array.from(ids).join(" and ")}`,
        ...commands.map(({ exchange }) => exchange)
      )
    }
  }
}
