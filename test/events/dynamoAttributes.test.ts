import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { type Attributes, fromAttributes, itemBytes, toAttributes } from "../../src/events/dynamoAttributes.ts"
import { commitItem } from "../../src/events/dynamoCommits.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { newStream } from "../../src/events/Head.ts"
import { DynamoDb } from "../../src/platform/DynamoDb.ts"
import { describeDynamo, DynamoTables } from "../engines/dynamo.ts"
import { elementOf, integer, oneOf } from "../support/arbitraries.ts"
import { commitOn, freshStream } from "../support/commitOn.ts"
import { edited, posted } from "../support/encodedCommits.ts"

// What can be sent: half a surrogate pair can't, and no comment's text has one.
const text = oneOf(
  Arbitrary.map(Arbitrary.schema(Schema.String), (text) => text.toWellFormed()),
  elementOf("", "長い", "🌅", "e\u0301")
)

const leaf: Arbitrary.Arbitrary<unknown> = oneOf<unknown>(
  text,
  integer(-1_000_000, 1_000_000),
  elementOf<unknown>(0, 1, 0.5, -12.75, 1_764_000_000_000, 9_007_199_254_740_991, true, false, null)
)

const objectOf = (value: Arbitrary.Arbitrary<unknown>): Arbitrary.Arbitrary<Record<string, unknown>> =>
  Arbitrary.map(
    Arbitrary.array(Arbitrary.all({ name: elementOf("a", "text", "名", "d.e", "_"), value }), { maxLength: 4 }),
    (entries) => Object.fromEntries(entries.map(({ name, value }) => [name, value]))
  )

const nested = (depth: number): Arbitrary.Arbitrary<unknown> =>
  depth === 0
    ? leaf
    : oneOf<unknown>(leaf, Arbitrary.array(nested(depth - 1), { maxLength: 4 }), objectOf(nested(depth - 1)))

const json = objectOf(nested(3))

describe("Attributes", () => {
  it.prop("carry any JSON object there and back", { json }, ({ json }) => {
    assert.deepStrictEqual(fromAttributes(toAttributes(json)), json)
  })

  it("leave out what JSON leaves out", () => {
    assert.deepStrictEqual(toAttributes({ here: 1, there: undefined }), { here: { N: "1" } })
  })

  it("give bytes as base64url, from the SDK and from Lambda alike", () => {
    const bytes = Uint8Array.from([251, 255, 190, 0, 1])
    const base64 = Buffer.from(bytes).toString("base64")
    assert.deepStrictEqual(fromAttributes({ sdk: { B: bytes }, lambda: { B: base64 } }), {
      sdk: "-_--AAE",
      lambda: "-_--AAE"
    })
  })

  it("make nothing of what this project doesn't write", () => {
    assert.deepStrictEqual(fromAttributes({ a: { SS: ["b"] }, c: null, d: 7 }), {
      a: undefined,
      c: undefined,
      d: undefined
    })
    for (const no of [undefined, null, "item"]) assert.isUndefined(fromAttributes(no))
  })
})

// At a time that isn't a round number, of which the engines count the zeros differently.
const aCommit = encodeCommit(
  commitOn(newStream(freshStream()), [posted("a"), edited("長")], { now: 1_764_000_123_457 })
)

describeDynamo("An item", (engine) => {
  const item = (stream: string, more: Attributes): Attributes => ({
    stream: { S: stream },
    version: { N: "1" },
    ...more
  })

  const put = (item: Attributes) =>
    Effect.gen(function*() {
      const { client } = yield* DynamoDb
      const { events: TableName } = yield* DynamoTables
      const { ConsumedCapacity } = yield* Effect.promise(() =>
        client.send(new PutItemCommand({ TableName, Item: item, ReturnConsumedCapacity: "TOTAL" }))
      )
      const { stream: at = { S: "" }, version: place = { N: "1" } } = item
      const { Item } = yield* Effect.promise(() =>
        client.send(new GetItemCommand({ TableName, Key: { stream: at, version: place } }))
      )
      return { units: ConsumedCapacity?.CapacityUnits, stored: Item }
    })

  /** Fills an item with text until it has so many bytes. */
  const filled = (stream: string, more: Attributes, bytes: number): Attributes => {
    const without = item(stream, { ...more, filling: { S: "" } })
    return { ...without, filling: { S: "f".repeat(Math.max(0, bytes - itemBytes(without))) } }
  }

  it.layer(engine.tables(), { excludeTestServices: true })((it) => {
    it.effect.prop(
      "costs no more than by its size, whatever is in it",
      { json },
      ({ json }) =>
        Effect.gen(function*() {
          const item = filled(freshStream(), { json: { M: toAttributes(json) } }, 1024)
          assert.strictEqual(itemBytes(item), 1024)
          const { stored, units } = yield* put(item)
          assert.strictEqual(units, 1)
          assert.deepStrictEqual(fromAttributes(stored), fromAttributes(item))
        }),
      { arbitrary: { runs: 40 } }
    )

    it.effect.each(
      [
        ["of a commit", commitItem(aCommit)],
        [
          "with lists and maps",
          toAttributes({ list: [[], {}, [1, "a", null], true], map: { empty: {}, full: { b: -12 } } })
        ]
      ] satisfies ReadonlyArray<[string, Attributes]>
    )("costs another unit for the first byte after 1 KB: %s", ([_, attributes]) =>
      Effect.gen(function*() {
        const { stream: _stream, version: _version, ...others } = attributes
        for (const [bytes, units] of [[1023, 1], [1024, 1], [1025, 2], [2048, 2], [2049, 3]] as const) {
          const item = filled(freshStream(), others, bytes)
          assert.strictEqual(itemBytes(item), bytes)
          assert.strictEqual((yield* put(item)).units, units, `${bytes} bytes`)
        }
      }))

    it.effect("counts its bytes as bytes", () =>
      Effect.gen(function*() {
        const packed: Attributes = { packed: { B: new Uint8Array(301) } }
        assert.strictEqual((yield* put(filled(freshStream(), packed, 1024))).units, 1)
        assert.strictEqual((yield* put(filled(freshStream(), packed, 1025))).units, 2)
      }))
  })
})
