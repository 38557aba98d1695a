import type { Exchange, ReceivedAnswer } from "../history/History.ts"
import { describe, statusIn, type WireStatus } from "./answers.ts"
import { versionsBetween } from "./bounds.ts"
import { equal } from "./equal.ts"
import { shows } from "./expectedAnswer.ts"
import { isExplained } from "./explanations.ts"
import type { Judged } from "./Judged.ts"
import { mayMeetPoison } from "./log.ts"
import { promises, type Report } from "./promises.ts"
import { type Command, familyOf } from "./requests.ts"
import { boundsOf, emptyStream, streamOf } from "./streamOf.ts"
import { reflectedBy } from "./tokens.ts"

interface Told {
  readonly exchange: Exchange
  readonly answer: ReceivedAnswer
  readonly status: WireStatus
}

/** A command that was accepted, by the id that its answers named. */
const acceptedIn = ({ commands }: Judged): ReadonlyMap<string, ReadonlyArray<Command>> =>
  Map.groupBy(
    commands.filter(({ exchange: { answer } }) => answer?.status === 202),
    ({ exchange: { answer } }) => answer?.headers["location"]?.replace("/commands/", "") ?? ""
  )

const settledOf = (told: ReadonlyArray<Told>) => told.filter(({ status: { status } }) => status !== "pending")

const checkSteady = (id: string, told: ReadonlyArray<Told>, report: Report): void => {
  const [first, ...others] = settledOf(told).toSorted((one, other) =>
    one.exchange.ended.tick - other.exchange.ended.tick
  )
  if (first === undefined) return
  const differing = others.find(({ status }) => !equal(status, first.status))
  const forgetful = told.find(({ exchange, status }) =>
    status.status === "pending" && exchange.sent.tick > first.exchange.ended.tick
  )
  for (const other of [differing, forgetful]) {
    if (other === undefined) continue
    report(
      promises.settledOnce,
      `command ${id} was ${JSON.stringify(first.status)} and then ${JSON.stringify(other.status)}`,
      first.exchange,
      other.exchange
    )
  }
}

// The answer that the command would have had at once, so that it is judged as such.
const asAnswer = (command: Command, { answer, status }: Told): ReceivedAnswer => {
  const { problem, result } = status
  const headers: Record<string, string> = { ...answer.headers }
  if (problem !== undefined) return { status: problem.status, headers, body: problem }
  const comment = result?.comment ?? null
  if (comment !== null) headers["etag"] = `"${comment.version}"`
  if (comment !== null && command.kind === "post") headers["location"] = `/comments/${comment.id}`
  if (result !== undefined) headers["consistency-token"] = result.consistencyToken
  return {
    status: command.kind === "post" ? 201 : command.kind === "edit" ? 200 : 204,
    headers,
    body: comment ?? undefined
  }
}

const isMade = (judged: Judged, command: Command, answer: ReceivedAnswer): boolean => {
  const family = familyOf(command)
  const reflected = reflectedBy(answer.headers["consistency-token"] ?? "")
  const [commit] = judged.attribution.made.get(family) ?? []
  if (commit === undefined || reflected === null) return false
  const stream = judged.streams.get(commit.stream) ?? emptyStream(commit.stream)
  return reflected.stream === commit.stream && reflected.version >= commit.last &&
    shows(answer, command, stream, commit.last)
}

// Where all were sent to be decided later, nothing else than the accepted command can have made the commit.
const isMadeLater = ({ attribution }: Judged, family: string): boolean =>
  attribution.made.has(family) && attribution.families.get(family)?.every(({ isAsync }) => isAsync) === true

// A commit and the settling of its command are one step: whoever asks after it isn't told to wait.
const checkPending = (
  judged: Judged,
  commands: ReadonlyArray<Command>,
  told: ReadonlyArray<Told>,
  report: Report
): void => {
  const [command] = commands
  if (command === undefined || !isMadeLater(judged, familyOf(command))) return
  const landed = judged.attribution.made.get(familyOf(command))?.[0]?.landed ?? Infinity
  const late = told.find(({ exchange, status }) => status.status === "pending" && exchange.sent.tick > landed)
  if (late !== undefined) {
    report(
      promises.statusAgrees,
      `command ${late.status.id} is pending, but its commit landed at ${landed}`,
      late.exchange
    )
  }
}

// What was told to have happened is in the log; what was told to have been refused has a reason there.
const agrees = (judged: Judged, commands: ReadonlyArray<Command>, told: Told): boolean => {
  const [command] = commands
  if (command === undefined) return false
  const family = familyOf(command)
  const sent = (judged.attribution.families.get(family) ?? commands).map(({ exchange }) => exchange.sent)
  const from = sent.toSorted((one, other) => one.tick - other.tick)[0] ?? command.exchange.sent
  const answer = asAnswer(command, told)
  const stream = streamOf(judged, { ...command, exchange: { ...command.exchange, answer } })
  const isDone = told.status.status === "done"
  // Only behind what can't be read nothing can be decided.
  if (told.status.status === "failed") {
    const { ended } = told.exchange
    const { highest } = versionsBetween(boundsOf(judged, stream), from.tick, ended.tick)
    return mayMeetPoison(stream, highest, ended.tick)
  }
  if (!isDone && isMadeLater(judged, family)) return false
  if (isDone && isMade(judged, command, answer)) return true
  const explains = (headers: Readonly<Record<string, string>>) =>
    isExplained(judged, command, { ...answer, headers }, stream, from, told.exchange.ended)
  return explains(answer.headers) || (isDone && explains({ ...answer.headers, "idempotency-replayed": "true" }))
}

const checkOwner = (judged: Judged, accepted: ReadonlyMap<string, ReadonlyArray<Command>>, report: Report): void => {
  for (const { command: id, exchange } of judged.statuses) {
    const commands = accepted.get(id)
    const [command] = commands ?? []
    const { answer } = exchange
    if (answer === null || command === undefined) continue
    const isOwner = command.exchange.client === exchange.client
    const isKnown = commands?.some((one) => one.exchange.ended.tick < exchange.sent.tick) === true
    if (isOwner ? isKnown && answer.status === 404 : answer.status === 200) {
      report(promises.statusForItsOwner, `${exchange.client} asked for ${id} and got ${describe(answer)}`, exchange)
    }
  }
}

/** What came of an accepted command is told truly, without a change of mind, and to its sender alone. */
export const checkStatuses = (judged: Judged, report: Report): void => {
  const accepted = acceptedIn(judged)
  checkOwner(judged, accepted, report)
  for (const [id, queries] of Map.groupBy(judged.statuses, ({ command }) => command)) {
    const unreadable = queries.find(({ exchange: { answer } }) =>
      answer?.status === 200 && statusIn(answer.body) === null
    )
    if (unreadable !== undefined) {
      report(promises.statusAgrees, `command ${id} is ${describe(unreadable.exchange.answer)}`, unreadable.exchange)
    }
    const told = queries.flatMap(({ exchange }) => {
      const { answer } = exchange
      const status = answer?.status === 200 ? statusIn(answer.body) : null
      return answer === null || status === null ? [] : [{ exchange, answer, status }]
    })
    checkSteady(id, told, report)
    const [settled] = settledOf(told)
    const commands = accepted.get(id)
    if (commands !== undefined) checkPending(judged, commands, told, report)
    if (settled !== undefined && commands !== undefined && !agrees(judged, commands, settled)) {
      report(promises.statusAgrees, `command ${id} was told to be ${JSON.stringify(settled.status)}`, settled.exchange)
    }
  }
}
