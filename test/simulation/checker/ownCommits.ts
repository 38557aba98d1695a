import type { CommentId } from "../../../src/domain/ids.ts"
import type { ReceivedAnswer } from "../history/History.ts"
import { commentIn, isReplayed, reflectedIn } from "./answers.ts"
import type { Attribution } from "./attribution.ts"
import type { Commit, Stream } from "./log.ts"
import { type Command, familyOf } from "./requests.ts"

/** The version that an answer of a command that wasn't refused is about; null where it doesn't say. */
export const versionTold = (answer: ReceivedAnswer): number | null =>
  answer.status === 204 ? reflectedIn(answer)?.version ?? null : commentIn(answer.body)?.version ?? null

/** The stream that such an answer is about. */
export const streamTold = ({ target }: Command, answer: ReceivedAnswer): CommentId | null =>
  target ?? commentIn(answer.body)?.id ?? null

/** The commit that made a version. */
export const commitAt = (stream: Stream | undefined, version: number | null): Commit | null => {
  const at = stream?.commits[(version ?? 0) - 1]
  // Nearly all commits have one event: then the place says it.
  if (at?.first === version && at?.last === version) return at
  return stream?.commits.find(({ first, last }) => version !== null && first <= version && version <= last) ?? null
}

/** For each command that was answered as the first of its kind, the commit that it made. A no-op made none. */
export const ownCommits = (
  commands: ReadonlyArray<Command>,
  streams: ReadonlyMap<CommentId, Stream>,
  { makers }: Attribution
): ReadonlyMap<Command, Commit> => {
  const own = new Map<Command, Commit>()
  for (const command of commands) {
    const { answer } = command.exchange
    if (answer === null || answer.status === 202 || answer.status >= 300 || isReplayed(answer)) continue
    const id = streamTold(command, answer)
    const commit = id === null ? null : commitAt(streams.get(id), versionTold(answer))
    const maker = commit === null ? undefined : makers.get(commit)
    if (commit !== null && maker?.family === familyOf(command) && maker.commands.includes(command)) {
      own.set(command, commit)
    }
  }
  return own
}
