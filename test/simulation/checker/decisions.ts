import { decide } from "./decide.ts"
import type { Judged } from "./Judged.ts"
import type { Commit, Stream } from "./log.ts"
import { promises, type Report } from "./promises.ts"
import type { Command } from "./requests.ts"

const isRight = ({ attribution }: Judged, stream: Stream, commit: Commit, command: Command): boolean => {
  if (decide(attribution, stream, commit.first - 1, command)._tag !== "Accepted") return false
  const [event] = commit.events
  const author = stream.comments[commit.first - 1]?.author
  return event?.type !== "CommentDeleted" ||
    event.deletedAs === (event.by === author ? "author" : "moderator")
}

/** Every commit was decided on the state that it was appended after: one of those who can have made it would have. */
export const checkDecisions = (judged: Judged, report: Report): void => {
  for (const stream of judged.streams.values()) {
    for (const commit of stream.commits) {
      const commands = judged.attribution.makers.get(commit)?.commands
      if (commands === undefined || commands.some((command) => isRight(judged, stream, commit, command))) continue
      report(
        promises.decidedThere,
        `version ${commit.first} of ${stream.id} can't follow the version before: ${
          JSON.stringify(commit.events)
        } after ${JSON.stringify(stream.comments[commit.first - 1])}`,
        ...commands.map(({ exchange }) => exchange)
      )
    }
  }
}
