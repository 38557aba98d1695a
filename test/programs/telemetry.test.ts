import { ScanCommand } from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inject } from "vitest"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { dynoxide } from "../engines/dynamo.ts"
import { assertStatus } from "../http/assertAnswer.ts"
import { newPicture, post } from "../http/comments.ts"
import { get } from "../http/queries.ts"
import { Target } from "../http/Target.ts"
import { otlpReceiver } from "../support/otlpReceiver.ts"
import { patience } from "./program.ts"
import { makeIssuer, makeTables, startService, untilReady } from "./services.ts"

const engines = inject("engines").dynoxide ? ["dynoxide"] : []

const trace = "0af7651916cd43dd8448eb211c80319c"

const scan = (table: string) =>
  Effect.flatMap(DynamoDb, ({ client }) => Effect.promise(() => client.send(new ScanCommand({ TableName: table }))))
    .pipe(
      Effect.map(({ Items }) => Items),
      Effect.provide(dynoxide.client())
    )

describe.each(engines)("The command service's traces on %s", () => {
  it.live(
    "continue the trace of a request, hold none of the looks at its health, and are all sent when it ends",
    () =>
      Effect.gen(function*() {
        const tables = yield* makeTables
        const collector = yield* otlpReceiver
        const { ended, kill, management, target } = yield* startService("command-service", yield* makeIssuer, {
          ...tables.settings,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_TRACES_SAMPLER_ARG: "1"
        })
        yield* untilReady(management, true)
        const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` }
        const posted = yield* Effect.provideService(
          post(newPicture(), "ana", "a text of mine", { headers }),
          Target,
          target
        )
        assertStatus(posted, 201)
        assertStatus(yield* Effect.provideService(get("/health/live"), Target, management), 200)
        yield* kill("SIGTERM")
        assert.strictEqual((yield* ended).code, 0)
        const spans = (yield* collector.batches).flat()
        const servers = spans.filter(({ kind }) => kind === 2)
        assert.deepStrictEqual(
          servers.map(({ parentSpanId, service, traceId }) => ({ parentSpanId, service, traceId })),
          [{ parentSpanId: "b7ad6b7169203331", service: "marginalia-command-service", traceId: trace }]
        )
        assert.isAbove(spans.filter(({ traceId }) => traceId === trace).length, 1)
        assert.notMatch(JSON.stringify(spans), /a text of mine|Bearer|client\.address|user_agent/)
        // The event says which span it is of.
        const events = yield* scan(tables.settings.EVENTS_TABLE)
        assert.include(JSON.stringify(events), `00-${trace}-${servers[0]?.spanId}-01`)
      }),
    patience
  )
})
