import type { CommentId } from "../../../src/domain/ids.ts"
import { commentIn, isReplayed, reflectedIn, saysNothingWasDone } from "./answers.ts"
import type { Commit, Stream } from "./log.ts"
import { matched } from "./matching.ts"
import { promises, type Report } from "./promises.ts"
import { type Command, familyOf, payloadOf } from "./requests.ts"

/** Who made a commit. */
export interface Maker {
  readonly family: string
  readonly payload: string
  /** The requests that can have made it: one, where the client or the answer named the request. */
  readonly commands: ReadonlyArray<Command>
}

/** Which command made which commit, as far as the log, the requests and the answers tell. */
export interface Attribution {
  readonly makers: ReadonlyMap<Commit, Maker>
  /** What each family made. */
  readonly made: ReadonlyMap<string, ReadonlyArray<Commit>>
  readonly families: ReadonlyMap<string, ReadonlyArray<Command>>
}

const kinds = { CommentPosted: "post", CommentEdited: "edit", CommentDeleted: "delete" } as const

const requestIdOf = ({ exchange: { answer, request } }: Command): string | null =>
  request.headers["x-request-id"] ?? answer?.headers["x-request-id"] ?? null

const mayHaveAnswered = ({ exchange: { answer } }: Command, { events: [event], last, stream }: Commit): boolean => {
  if (answer === null) return true
  if (saysNothingWasDone(answer)) return false
  if (answer.status >= 500) return true
  if (isReplayed(answer)) return false
  switch (answer.status) {
    case 200:
      return commentIn(answer.body)?.version === last
    case 201:
      return commentIn(answer.body)?.id === stream
    case 202:
      return answer.headers["location"] === `/commands/${event?.command}`
    case 204:
      return reflectedIn(answer)?.version === last
    default:
      return false
  }
}

/** Whether a request asks for what a commit says; whatever was answered. */
const asksFor = (command: Command, commit: Commit, named: ReadonlySet<string>): boolean => {
  const { exchange: { client, sent }, kind, picture, target, text } = command
  const [event, more] = commit.events
  if (event === undefined || more !== undefined || kinds[event.type] !== kind || event.by !== client) return false
  if (kind === "post" ? event.picture !== picture || event.author !== client : target !== commit.stream) return false
  if (kind !== "delete" && event.text !== text) return false
  if (commit.landed !== null && commit.landed < sent.tick) return false
  const id = requestIdOf(command)
  return id === null ? !named.has(event.correlation) : id === event.correlation
}

// Commits that say of themselves that they are of one command.
const groupsOf = (streams: ReadonlyMap<CommentId, Stream>): ReadonlyArray<ReadonlyArray<Commit>> =>
  Array.from(streams.values()).flatMap(({ commits }) =>
    Array.from(
      Map.groupBy(commits.filter(({ needsClient }) => needsClient), ({ events }) => events[0]?.command).values()
    )
  )

const placeOf = (kind: Command["kind"], client: string, where: string, text: string | null): string =>
  `${kind} ${client} ${where} ${text ?? ""}`

const placeOfCommand = ({ exchange, kind, picture, target, text }: Command): string =>
  placeOf(kind, exchange.client, target ?? picture, text)

const placeOfCommit = ({ events: [event], stream }: Commit): string =>
  event === undefined ? "" : placeOf(kinds[event.type], event.by, event.picture ?? stream, event.text)

// What is wrong with a commit that is left over, given who asked for one like it.
const brokenBy = (askers: ReadonlyArray<Command>) => {
  const isRefused = askers.some(({ exchange: { answer } }) => answer !== null && saysNothingWasDone(answer))
  if (isRefused) return promises.refusedNever
  return askers.some(({ key }) => key !== null) ? promises.onceForAKey : promises.askedFor
}

/** Finds out who made what. Reports commits that nobody asked for, or that one command made beside others. */
export const attribute = (
  streams: ReadonlyMap<CommentId, Stream>,
  commands: ReadonlyArray<Command>,
  report: Report
): Attribution => {
  const families = Map.groupBy(commands, familyOf)
  const byRequest = Map.groupBy(commands, requestIdOf)
  const named = new Set(Array.from(byRequest.keys()).filter((id) => id !== null))
  const byPlace = Map.groupBy(commands, placeOfCommand)
  const groups = groupsOf(streams)
  const askersOf = (commit: Commit) =>
    // Most commits name their request; then nobody else needs to be looked at.
    (byRequest.get(commit.events[0]?.correlation ?? null) ?? byPlace.get(placeOfCommit(commit)) ?? [])
      .filter((command) => asksFor(command, commit, named))
  const makersOf = (commit: Commit) => askersOf(commit).filter((command) => mayHaveAnswered(command, commit))
  const candidates = groups.map((group) => {
    const each = group.map((commit) => new Set(makersOf(commit).map(familyOf)))
    return [...each[0] ?? []].filter((family) => each.every((all) => all.has(family)))
  })
  const found = matched(candidates)
  const makers = new Map<Commit, Maker>()
  for (const [index, group] of groups.entries()) {
    const family = found[index]
    for (const commit of group) {
      const commands = makersOf(commit).filter((command) => familyOf(command) === family)
      const [command] = commands
      if (family === undefined || command === undefined) {
        const askers = askersOf(commit)
        report(
          brokenBy(askers),
          `nobody's command is left for version ${commit.first} of ${commit.stream}: ${JSON.stringify(commit.events)}`,
          ...askers.map(({ exchange }) => exchange)
        )
      } else makers.set(commit, { family, payload: payloadOf(command), commands })
    }
  }
  const made = new Map(
    Array.from(
      Map.groupBy(makers, ([, { family }]) => family),
      ([family, all]) => [family, all.map(([commit]) => commit)] as const
    )
  )
  return { makers, made, families }
}
