import { describe, reflectedIn } from "./answers.ts"
import { equal } from "./equal.ts"
import type { Judged } from "./Judged.ts"
import { mayMeetPoison } from "./log.ts"
import { shown } from "./model.ts"
import { commitAt, streamTold, versionTold } from "./ownCommits.ts"
import { promises, type Report } from "./promises.ts"
import { type Command, familyOf } from "./requests.ts"

const statusOf = { post: 201, edit: 200, delete: 204 } as const

// What an answer tells lies in the log. A post is never without a commit of its own: everything else may have been a no-op.
const checkContent = (judged: Judged, command: Command, report: Report): void => {
  const { exchange } = command
  const { answer } = exchange
  if (answer === null || answer.status !== statusOf[command.kind]) return
  const id = streamTold(command, answer)
  const stream = id === null ? undefined : judged.streams.get(id)
  const version = versionTold(answer)
  if (stream !== undefined && version !== null && mayMeetPoison(stream, version - 1, exchange.ended.tick)) return
  const commit = commitAt(stream, version)
  const comment = version === null ? undefined : stream?.comments[version]
  const isThere = comment !== undefined && commit !== null &&
    (command.kind === "delete" ? comment.deleted !== null : equal(answer.body, shown(comment)))
  const isOwn = commit !== null && judged.attribution.makers.get(commit)?.family === familyOf(command)
  if (!isThere || (command.kind === "post" && !isOwn)) {
    report(
      promises.acceptedOnce,
      `${describe(answer)}, but the log has ${JSON.stringify(commit?.events ?? null)} for version ${version} of ${id}`,
      exchange
    )
  }
}

const checkTimes = ({ own }: Judged, report: Report): void => {
  for (const [{ exchange }, { first, landed, stream }] of own) {
    if (landed !== null && landed > exchange.ended.tick) {
      report(promises.inTime, `version ${first} of ${stream} landed at ${landed}, after its answer`, exchange)
    }
  }
}

const checkOwnLabels = ({ own }: Judged, report: Report): void => {
  for (const [{ exchange, kind }, { last, stream }] of own) {
    const headers = exchange.answer?.headers ?? {}
    const reflected = exchange.answer === null ? null : reflectedIn(exchange.answer)
    const isRight = reflected?.stream === stream && reflected.version === last &&
      headers["etag"] === (kind === "delete" ? undefined : `"${last}"`) &&
      headers["location"] === (kind === "post" ? `/comments/${stream}` : undefined)
    if (!isRight) {
      report(promises.wellLabelled, `version ${last} of ${stream} was told with ${JSON.stringify(headers)}`, exchange)
    }
  }
}

/** Every accepted change is in the log as it was answered, from before its answer on. */
export const checkAccepted = (judged: Judged, report: Report): void => {
  for (const command of judged.commands) checkContent(judged, command, report)
  checkTimes(judged, report)
  checkOwnLabels(judged, report)
}
