import type { Mutant } from "./Mutant.ts"

/** Bugs in what brings the log into the read model. */
export const mutantsOfProjections: ReadonlyArray<Mutant> = [
  {
    name: "position rows' lock",
    guarantee: "Projectors that run at once wait for each other at the position rows.",
    file: "src/projections/positions.ts",
    find: "ORDER BY stream FOR UPDATE`",
    replace: "ORDER BY stream`"
  },
  {
    name: "one transaction",
    guarantee: "A batch is one transaction: rows, counts and positions change together or not at all.",
    file: "src/projections/transaction.ts",
    find: "    sql.withTransaction(Effect.flatMap(locked, (positions) => applyTogether(sql, positions, work)))",
    replace: "    Effect.flatMap(locked, (positions) => applyTogether(sql, positions, work))"
  },
  {
    name: "healing",
    guarantee: "What is missing before a delivered commit is fetched from the log.",
    file: "src/projections/triage.ts",
    find: "if (hasGap(version, commits)) gapped.push({ stream, version, commits })",
    replace: "if (hasGap(version, commits)) skipped += countEvents(commits)"
  },
  {
    name: "healing in turns",
    guarantee: "Gapped streams that there is no room for wait for their turn, and aren't forgotten.",
    file: "src/projections/Projector.ts",
    find: "        ...gapped.slice(limits.streams).map(({ commits, stream }) => [stream, commits] as const),\n",
    replace: ""
  },
  {
    name: "rest of a batch",
    guarantee: "A large gap is projected piece by piece, and what was delivered behind it after that.",
    file: "src/projections/Projector.ts",
    find: "(rest.length === 0 ? [] : [[before.stream, rest] as const])",
    replace: "[]"
  },
  {
    name: "applied once",
    guarantee: "What is already applied is dropped under the lock of its position.",
    file: "src/projections/plan.ts",
    find: "    if (commit.lastVersion < next) {",
    replace: "    if (commit.lastVersion < 0) {"
  },
  {
    name: "tombstone",
    guarantee: "A deleted comment stays deleted, whatever comes after: its row takes no change any more.",
    file: "src/projections/rows.ts",
    find: "comments.id = now.id AND comments.deleted_at IS NULL",
    replace: "comments.id = now.id"
  },
  {
    name: "what doesn't fit isn't committed",
    guarantee: "Where a comment's row didn't take its change, the batch isn't committed.",
    file: "src/projections/write.ts",
    find: "if (row?.changed !== changes.changed.length) {",
    replace: "if (row === undefined) {"
  },
  {
    name: "poison parks its stream",
    guarantee: "An event that can't be projected parks its stream, and nothing after it is applied.",
    file: "src/projections/plan.ts",
    find: "      return planned({ stream, version: next, cause: drawn.failure, payload: commit }, [])\n",
    replace: "      draft = { ...draft, version: commit.lastVersion }\n      continue\n"
  },
  {
    name: "only poison parks",
    guarantee: "What is no fault of an event doesn't park its stream, but has the batch delivered again.",
    file: "src/projections/failure.ts",
    find: "  if (!poison.test(code)) return Failure.Unavailable({ cause: reason })\n",
    replace: ""
  },
  {
    name: "savepoints",
    guarantee: "Each commit of a poisoned batch is tried under a savepoint, so that the culprit alone is taken back.",
    file: "src/projections/oneByOne.ts",
    find: "return Effect.as(sql.withTransaction(write(sql, [plan])), plan)",
    replace: "return Effect.as(write(sql, [plan]), plan)"
  },
  {
    name: "redrive clears the mark",
    guarantee: "A stream that was redriven is parked no more.",
    file: "src/projections/rows.ts",
    find: `now.author_id,
        parked_version = NULL, parked_cause = NULL, parked_payload = NULL, parked_at = NULL`,
    replace: "now.author_id"
  },
  {
    name: "redrive to the log's end",
    guarantee: "What was delivered while a stream was being redriven is read from the log after its mark has gone.",
    file: "src/projections/Projector.ts",
    find: "if (!first && (parked || work.commits.length === 0)) return projected",
    replace: "if (!first) return projected"
  },
  {
    name: "checkpoint after handling",
    guarantee: "A checkpoint is saved only after what lies before it has been handled.",
    file: "src/projections/shardReader.ts",
    find: `    yield* handler(records)
    place = Place.cases.After.make({ sequenceNumber: last.dynamodb.SequenceNumber })
    yield* reached(place)
`,
    replace: `    place = Place.cases.After.make({ sequenceNumber: last.dynamodb.SequenceNumber })
    yield* reached(place)
    yield* handler(records)
`
  },
  {
    name: "reconcile",
    guarantee: "Who takes up a stream anew brings in what lies before its position from the log.",
    file: "src/projections/StreamFollower.ts",
    find: "const isScanned = scan !== undefined",
    replace: "const isScanned = false"
  }
]
