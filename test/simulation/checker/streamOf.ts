import { CommentId } from "../../../src/domain/ids.ts"
import { reflectedIn } from "./answers.ts"
import type { Bounds } from "./bounds.ts"
import type { Judged } from "./Judged.ts"
import type { Stream } from "./log.ts"
import { nothingYet } from "./model.ts"
import { streamTold } from "./ownCommits.ts"
import { type Command, familyOf } from "./requests.ts"

// Of what was never posted there is no other name where nobody told one.
const unnamed = CommentId.make("00000000-0000-0000-0000-000000000000")

/** A stream of which nothing is in the log. */
export const emptyStream = (id: CommentId): Stream => ({
  id,
  commits: [],
  events: [],
  comments: [nothingYet(id)],
  poisonedAt: Infinity,
  plantedAt: Infinity
})

/** The stream that a command is about: as it says itself, as its answer says, or as what was made under its key says. */
export const streamOf = ({ attribution, streams }: Judged, command: Command): Stream => {
  const { answer } = command.exchange
  const made = attribution.made.get(familyOf(command))?.[0]?.stream
  const told = answer === null ? undefined : streamTold(command, answer) ?? reflectedIn(answer)?.stream
  const id = command.target ?? told ?? made ?? unnamed
  return streams.get(id) ?? emptyStream(id)
}

const noVersions: Bounds = { earliest: [0], latest: [0] }

/** When a stream's versions came to be. */
export const boundsOf = ({ bounds }: Judged, { id }: Stream): Bounds => bounds.get(id) ?? noVersions
