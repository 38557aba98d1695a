import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { EncodedCommit } from "../../src/events/Commit.ts"
import { commitCodec, decodeCommit, encodeCommit } from "../../src/events/EventCodec.ts"
import { currentSchema, upcasters } from "../../src/events/upcasters.ts"
import { history } from "../support/histories.ts"
import { eventFixtures } from "./fixtures.ts"

const types = ["CommentPosted", "CommentEdited", "CommentDeleted"] as const
const throughJson = (encoded: EncodedCommit): EncodedCommit => JSON.parse(JSON.stringify(encoded))
const eventsOf = (schema: number) => eventFixtures(schema).flatMap(({ encoded }) => encoded.events)

const [posted, edited] = eventFixtures(1).map(({ encoded }) => encoded)
assert.isDefined(posted)
assert.isDefined(edited)

/** The commit with something else in its first event. */
const damaged = (commit: EncodedCommit, damage: object): EncodedCommit => ({
  ...commit,
  events: [{ ...Object(commit.events[0]), ...damage }, ...commit.events.slice(1)]
})

const reasonOf = (encoded: EncodedCommit, codec = { decodeCommit }) =>
  Result.match(codec.decodeCommit(encoded), {
    onSuccess: () => "it was decoded",
    onFailure: ({ reason, version }) => `${version}: ${reason}`
  })

describe("the event codec", () => {
  it.effect.prop(
    "gives back through JSON what it got, whatever a comment's history",
    { history },
    ({ history }) =>
      Effect.sync(() => {
        for (const commit of history.commits) {
          assert.deepStrictEqual(decodeCommit(throughJson(encodeCommit(commit))), Result.succeed(commit))
        }
      })
  )

  it.effect.prop(
    "says where a commit stands, and leaves the snapshot to the store",
    { history },
    ({ history }) =>
      Effect.sync(() => {
        for (const commit of history.commits) {
          const { events, snapshot, ...place } = encodeCommit(commit)
          assert.deepStrictEqual(place, {
            id: commit.id,
            stream: commit.stream,
            version: commit.events[0].version,
            lastVersion: commit.events.at(-1)?.version
          })
          assert.strictEqual(events.length, commit.events.length)
          assert.isNull(snapshot)
        }
      })
  )

  it.each(types)("still reads every %s that was ever written", (type) => {
    for (let schema = 1; schema <= currentSchema(upcasters, type); schema++) {
      assert.isTrue(
        eventsOf(schema).some((event) => Object(event).type === type && Object(event).schema === schema),
        `there is no fixture of ${type} under schema ${schema}`
      )
      for (const { decoded, encoded } of eventFixtures(schema)) {
        assert.deepStrictEqual(decodeCommit(encoded), Result.succeed(decoded))
      }
    }
  })

  it("writes what the fixtures of the current schema numbers say", () => {
    for (const { decoded, encoded } of eventFixtures(1)) {
      assert.deepStrictEqual(throughJson(encodeCommit(decoded)), encoded)
    }
  })

  it("keeps an event of a usual size below 350 bytes", () => {
    for (const { decoded } of eventFixtures(1)) {
      for (const event of encodeCommit(decoded).events) assert.isBelow(JSON.stringify(event).length, 350)
    }
  })

  it("reads a text that today's rules would refuse: it met those of its day", () => {
    const old = damaged(edited, { data: { text: "e\u0301" } })
    assert.isTrue(Result.isSuccess(decodeCommit(old)))
  })

  it("passes over properties that it doesn't know", () => {
    const newer = damaged(edited, { mood: "good", data: { text: "two", mood: "good" } })
    assert.isTrue(Result.isSuccess(decodeCommit(newer)))
  })
})

describe("an event that can't be decoded", () => {
  it.each([
    ["an unknown type", { type: "CommentPinned" }, `2: the event type "CommentPinned" is unknown`],
    ["a type that only objects know", { type: "toString" }, `2: the event type "toString" is unknown`],
    [
      "a schema number of the future",
      { schema: 2 },
      "2: CommentEdited has schema 2, and only those from 1 to 1 are known"
    ],
    ["no schema number at all", { schema: 0 }, "2: CommentEdited has schema 0, and only those from 1 to 1 are known"],
    ["data of another shape", { data: { text: 7 } }, `2: CommentEdited of schema 1: Expected string at ["text"]`],
    ["missing data", { data: undefined }, `2: Expected object at ["data"]`],
    ["a damaged id", { id: "seven" }, /^2: .* at \["id"\]$/]
  ])("is named with %s", (_, damage, reason) => {
    if (typeof reason === "string") assert.strictEqual(reasonOf(damaged(edited, damage)), reason)
    else assert.match(reasonOf(damaged(edited, damage)), reason)
  })

  it("is named by its own version, not by the commit's", () => {
    const [, , several] = eventFixtures(1)
    assert.isDefined(several)
    const commit = { ...several.encoded, events: [several.encoded.events[0], null] }
    assert.strictEqual(reasonOf(commit), "4: Expected object")
  })

  it("isn't quoted", () => {
    const secret = damaged(edited, { by: "\u0000secret", data: { text: { secret: "secret" } } })
    assert.notInclude(reasonOf(secret), "secret")
  })

  it("makes a commit undecodable whose events don't fill its versions", () => {
    assert.strictEqual(reasonOf({ ...edited, events: [] }), "2: 0 events stand for the versions 2 to 2")
    assert.strictEqual(
      reasonOf({ ...posted, events: [...posted.events, ...edited.events] }),
      "1: 2 events stand for the versions 1 to 1"
    )
  })
})

describe("upcasters", () => {
  // As if texts had been called `body` under schema 1 and `content` under schema 2.
  const renamed = commitCodec({
    ...upcasters,
    CommentEdited: [
      ({ body, ...rest }) => ({ ...rest, content: body }),
      ({ content, ...rest }) => ({ ...rest, text: content })
    ]
  })
  const text = (encoded: EncodedCommit) =>
    Result.match(renamed.decodeCommit(encoded), {
      onSuccess: ({ events: [{ body }] }) => (body._tag === "CommentEdited" ? body.text : body._tag),
      onFailure: ({ reason }) => reason
    })

  it("lift an event of any older number to the current one, step by step", () => {
    assert.strictEqual(text(damaged(edited, { schema: 1, data: { body: "one" } })), "one")
    assert.strictEqual(text(damaged(edited, { schema: 2, data: { content: "two" } })), "two")
    assert.strictEqual(text(damaged(edited, { schema: 3, data: { text: "three" } })), "three")
  })

  it("make the next number the one that is written, for their type only", () => {
    const schemas = eventFixtures(1).flatMap(({ decoded }) =>
      renamed.encodeCommit(decoded).events.map(({ schema, type }) => `${type} ${schema}`)
    )
    assert.deepStrictEqual(schemas, [
      "CommentPosted 1",
      "CommentEdited 3",
      "CommentEdited 3",
      "CommentEdited 3",
      "CommentDeleted 1"
    ])
  })

  it("don't hide what they can't mend: their result is checked like any other", () => {
    assert.strictEqual(
      text(damaged(edited, { schema: 1, data: { text: "no body" } })),
      `CommentEdited of schema 1: Expected string at ["text"]`
    )
    assert.strictEqual(
      reasonOf(damaged(edited, { schema: 4 }), renamed),
      "2: CommentEdited has schema 4, and only those from 1 to 3 are known"
    )
  })
})
