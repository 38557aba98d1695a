import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { PictureId } from "../../../src/domain/ids.ts"
import { commitItem } from "../../../src/events/dynamoCommits.ts"
import { describePostgres } from "../../engines/databases.ts"
import { commit, edited, history, posted, stream } from "../../support/encodedCommits.ts"
import { parseLine } from "../../support/filterPattern.ts"
import { metricsOf } from "../../support/metricFilters.ts"
import { emptyReadModel } from "../../support/readModel.ts"
import { recordOf, recordsOf } from "../../support/streamRecords.ts"
import { projectorSurroundings, runProjector } from "./projectorLambda.ts"

const [first, second] = history(stream(1), [posted("my own words")], [edited("other words of mine")])
assert(first !== undefined && second !== undefined)

describePostgres("What the projector's Lambda prints", () => {
  it.layer(projectorSurroundings)((it) => {
    it.effect("is one JSON object a line, which the metric filters find what happened in, at any LOG_LEVEL", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { failed, log } = yield* runProjector({ LOG_LEVEL: "none" })
        const poison = recordOf(1, { ...commitItem(second), events: { S: "poison" } })
        assert.deepStrictEqual(yield* failed([recordOf(0, commitItem(first)), poison]), [])
        const printed = yield* log
        const lines = printed.trimEnd().split("\n")
        assert.deepStrictEqual(lines.filter((line) => parseLine(line) === undefined), [])
        const { ProjectionLag = [], ...counts } = metricsOf("ProjectorLogGroup", printed)
        assert.deepStrictEqual(counts, { EventsProjected: [1], StreamsParked: [1] })
        assert.lengthOf(ProjectionLag, 1)
        assert.isAbove(Number(ProjectionLag[0]), 0)
      }).pipe(Effect.scoped))

    it.effect("tells of a cache that couldn't be told, and nothing that a person wrote", () =>
      Effect.gen(function*() {
        yield* emptyReadModel
        const { failed, log } = yield* runProjector({ LOG_LEVEL: "debug", REDIS_URL: "redis://127.0.0.1:1" })
        const picture = PictureId.make(`picture-${randomUUID()}`)
        assert.deepStrictEqual(yield* failed(recordsOf([commit(stream(1), 1, posted("my own words", picture))])), [])
        const printed = yield* log
        assert.deepInclude(metricsOf("ProjectorLogGroup", printed), { EventsProjected: [1], InvalidationsFailed: [1] })
        assert.notMatch(printed, /my own words/)
      }).pipe(Effect.scoped))
  })
})
