import type { Attribution } from "./attribution.ts"
import type { Commit, Stream } from "./log.ts"
import { isVisible } from "./model.ts"
import { type Command, type Condition, familyOf, payloadOf } from "./requests.ts"

/** What the contract has for a command that meets a comment at some version. */
export type Expected =
  | { readonly _tag: "Accepted" }
  | { readonly _tag: "Unchanged" }
  /** The first answer again, which left the comment at this version. */
  | { readonly _tag: "Replayed"; readonly version: number }
  | { readonly _tag: "Refused"; readonly status: number; readonly problem: string }

const refused = (status: number, problem: string): Expected => ({ _tag: "Refused", status, problem })

/** How many accepted commands of a comment are recognised when they come again; its post always is. */
export const rememberedCommands = 16

const meets = (condition: Condition, version: number): boolean => {
  if (condition === null || condition === "malformed") return true
  return version > 0 && (condition === "any" || condition.has(version))
}

const remembered = (stream: Stream, version: number): ReadonlyArray<Commit> => {
  let end = stream.commits.length
  while (end > 0 && (stream.commits[end - 1]?.last ?? 0) > version) end--
  const latest = stream.commits.slice(Math.max(0, end - rememberedCommands), end)
  const [first] = stream.commits
  return first === undefined || end <= rememberedCommands ? latest : [first, ...latest]
}

const replayOf = (attribution: Attribution, stream: Stream, version: number, command: Command): Expected | null => {
  if (command.key === null) return null
  const family = familyOf(command)
  const first = remembered(stream, version).find((commit) => attribution.makers.get(commit)?.family === family)
  if (first === undefined) return null
  return attribution.makers.get(first)?.payload === payloadOf(command)
    ? { _tag: "Replayed", version: first.last }
    : refused(422, "idempotency-key-reused")
}

/** What the contract has for a command that meets this stream at a version of it. The checks run in its order. */
export const decide = (attribution: Attribution, stream: Stream, version: number, command: Command): Expected => {
  const comment = stream.comments[version]
  const { condition, exchange: { client }, isModerator, kind, text } = command
  if (comment === undefined || (version === 0 && kind !== "post")) return refused(404, "comment-not-found")
  const replay = replayOf(attribution, stream, version, command)
  if (replay !== null) return replay
  if (kind === "post") {
    if (version > 0) return refused(422, "idempotency-key-reused")
    return meets(condition, 0) ? { _tag: "Accepted" } : refused(412, "version-mismatch")
  }
  if (!isVisible(comment)) return kind === "delete" ? { _tag: "Unchanged" } : refused(410, "comment-deleted")
  if (client !== comment.author && !(kind === "delete" && isModerator)) return refused(403, "not-the-author")
  if (!meets(condition, version)) return refused(412, "version-mismatch")
  return kind === "edit" && text === comment.text ? { _tag: "Unchanged" } : { _tag: "Accepted" }
}
