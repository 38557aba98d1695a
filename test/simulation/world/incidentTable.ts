/** What happens once in a while to the whole of something, and how likely it is to happen in a run that has it. */
export const incidentKinds = [
  "a process is killed",
  "whoever projects is killed at work",
  "a clock jumps",
  "shards split",
  "iterators expire",
  "records are lost in a row",
  "the events' stream is trimmed",
  "the events' stream is made anew",
  "the cache is flushed",
  "everything is slow",
  "DynamoDB is away",
  "the read database is away",
  "the read database is strained",
  "the cache is away",
  "the cache hears of no invalidation",
  "the operator redrives",
  "the operator reconciles",
  "the operator verifies",
  "a poisoned stream",
  "a poisoned commit in a living stream",
  "an event after a deletion",
  "a commit of another version of the program"
] as const

export type IncidentKind = typeof incidentKinds[number]
