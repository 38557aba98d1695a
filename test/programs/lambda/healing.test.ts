import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { commitItem } from "../../../src/events/dynamoCommits.ts"
import { DynamoDb } from "../../../src/platform/DynamoDb.ts"
import { describePostgres } from "../../engines/databases.ts"
import { describeDynamo, DynamoTables } from "../../engines/dynamo.ts"
import { edited, history, posted, stream } from "../../support/encodedCommits.ts"
import { emptyReadModel, foldReadModel, readModel } from "../../support/readModel.ts"
import { recordOf, sequenceNumber } from "../../support/streamRecords.ts"
import { dynamoEnvironment } from "./dynamoEnvironment.ts"
import { projectorSurroundings, runProjector } from "./projectorLambda.ts"

const log = history(stream(1), [posted("one")], [edited("two")], [edited("three")])
const last = log.slice(2).map((commit) => recordOf(7, commitItem(commit)))

const put = Effect.fnUntraced(function*(item: ReturnType<typeof commitItem>) {
  const { client } = yield* DynamoDb
  const { events } = yield* DynamoTables
  yield* Effect.promise(() => client.send(new PutItemCommand({ TableName: events, Item: item })))
})

describePostgres("The projector's Lambda", () => {
  describeDynamo("heals a gap", (engine) => {
    it.layer(Layer.merge(projectorSurroundings, engine.tables()))((it) => {
      it.effect("from the event store, with the AWS SDK that its runtime has", () =>
        Effect.gen(function*() {
          yield* emptyReadModel
          yield* Effect.forEach(log, (commit) => put(commitItem(commit)))
          const environment = yield* dynamoEnvironment(engine)
          // Where there is no SDK, nothing but healing needs it.
          const without = yield* runProjector(environment)
          assert.deepStrictEqual(yield* without.failed([]), [])
          assert.deepStrictEqual(yield* without.failed(last), [sequenceNumber(7)])
          assert.match(yield* without.log, /Cannot find module '@aws-sdk\/client-dynamodb'/)
          const { failed } = yield* runProjector(environment, { sdk: true })
          assert.deepStrictEqual(yield* failed(last), [])
          assert.deepStrictEqual(yield* readModel, foldReadModel(log))
        }).pipe(Effect.scoped))

      it.effect("up to what is damaged in the event store", () =>
        Effect.gen(function*() {
          yield* emptyReadModel
          const [first, second, third] = history(stream(2), [posted("one")], [edited("two")], [edited("three")])
          assert(first !== undefined && second !== undefined && third !== undefined)
          yield* put(commitItem(first))
          yield* put({ ...commitItem(second), events: { S: "damaged" } })
          yield* put(commitItem(third))
          const { failed } = yield* runProjector(yield* dynamoEnvironment(engine), { sdk: true })
          assert.deepStrictEqual(yield* failed([recordOf(0, commitItem(third))]), [])
          assert.deepStrictEqual(yield* readModel, foldReadModel([first]))
        }).pipe(Effect.scoped))
    })
  })
})
