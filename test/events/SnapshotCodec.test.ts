import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { absent, CommentState, rememberedCommands } from "../../src/domain/CommentState.ts"
import { CommentText } from "../../src/domain/CommentText.ts"
import { AuthorId, CorrelationId, Fingerprint, Timestamp } from "../../src/domain/ids.ts"
import type { Commit, EncodedCommit } from "../../src/events/Commit.ts"
import { encodeCommit } from "../../src/events/EventCodec.ts"
import { decodeSnapshot, encodeSnapshot } from "../../src/events/SnapshotCodec.ts"
import { history } from "../support/histories.ts"
import { eventFixtures, snapshotFixtures } from "./fixtures.ts"

const snapshotOf = (state: CommentState, commit: Commit) => encodeSnapshot(state, encodeCommit(commit).events)

const withSnapshot = (state: CommentState, commit: Commit): EncodedCommit =>
  JSON.parse(JSON.stringify({ ...encodeCommit(commit), snapshot: snapshotOf(state, commit) }))

const [posted, edited, , deleted] = eventFixtures(1).map(({ decoded }, index) => ({
  commit: decoded,
  encoded: snapshotFixtures(1)[index]?.encoded ?? assert.fail("every commit has its snapshot"),
  state: snapshotFixtures(1)[index]?.decoded ?? absent
}))
assert(posted?.state._tag === "Active" && edited?.state._tag === "Active" && deleted?.state._tag === "Deleted")
const post = { ...posted, state: posted.state }
const edit = { ...edited, state: edited.state }
const deletion = { ...deleted, state: deleted.state }

const propertiesOf = (snapshot: unknown) => Object.keys(Object(snapshot))

describe("the snapshot codec", () => {
  it.effect.prop(
    "gives back the state after each commit, whatever a comment's history",
    { history },
    ({ history }) =>
      Effect.sync(() => {
        for (const [index, commit] of history.commits.entries()) {
          const state = history.heads[index + 1]?.state ?? absent
          assert.deepStrictEqual(decodeSnapshot(withSnapshot(state, commit)), state)
        }
      })
  )

  it("still reads every snapshot that was ever written", () => {
    for (const { decoded, encoded } of snapshotFixtures(1)) assert.deepStrictEqual(decodeSnapshot(encoded), decoded)
  })

  it("doesn't say again what the last event of the commit says", () => {
    assert.deepStrictEqual(propertiesOf(edit.encoded.snapshot), ["schema", "picture", "packed"])
  })

  it("tells the author where somebody else acted", () => {
    assert.deepStrictEqual(propertiesOf(deletion.encoded.snapshot), [
      "schema",
      "picture",
      "author",
      "deleted",
      "packed"
    ])
  })

  it("tells the text where the last event doesn't have it", () => {
    const state = { ...edit.state, text: CommentText.make("from another event") }
    const encoded = withSnapshot(state, edit.commit)
    assert.deepStrictEqual(propertiesOf(encoded.snapshot), ["schema", "picture", "text", "packed"])
    assert.deepStrictEqual(decodeSnapshot(encoded), state)
  })

  it("keeps a commit within 1 KB with all the commands that a comment remembers, each under a key", () => {
    const fingerprint = Fingerprint.make("q83vEjRWeJCr")
    const by = AuthorId.make("auth0|5f7c8ec7c33c6c004bbafe82")
    const text = CommentText.make("No filter, just patience. And a tripod held down by a bag.")
    assert.strictEqual(text.length, 58)
    const [event] = edit.commit.events
    const commit: Commit = {
      ...edit.commit,
      events: [{
        ...event,
        actor: by,
        fingerprint,
        traceParent: null,
        correlationId: CorrelationId.make("019aaf3c-5c0e-7000-8000-00000000000e"),
        body: { _tag: "CommentEdited", text }
      }]
    }
    const accepted = Array.from({ length: rememberedCommands }, () => ({
      id: event.commandId,
      version: event.version,
      fingerprint
    }))
    const state = { ...edit.state, text, authorId: by, accepted }
    const encoded = withSnapshot(state, commit)
    assert.deepStrictEqual(decodeSnapshot(encoded), state)
    assert.isAtMost(Buffer.byteLength(JSON.stringify(encoded.events) + JSON.stringify(encoded.snapshot)), 1024)
  })

  it.each<readonly [string, CommentState, Commit]>([
    ["a comment that isn't there", absent, post.commit],
    [
      "a change at another time than the last event's",
      { ...deletion.state, changedAt: Timestamp.make(7) },
      deletion.commit
    ],
    ["an edit at another time than the last event's", { ...edit.state, editedAt: Timestamp.make(7) }, edit.commit],
    ["a time outside of 6 bytes", { ...post.state, createdAt: Timestamp.make(2 ** 47) }, post.commit],
    ["commands that the last event doesn't end", { ...edit.state, accepted: [edit.state.posted] }, edit.commit],
    ["no commands", { ...edit.state, accepted: [] }, edit.commit]
  ])("gives no snapshot to %s, which it can't tell", (_, state, commit) => {
    assert.isNull(snapshotOf(state, commit))
  })
})

describe("a snapshot that can't be used is passed over", () => {
  const read = (snapshot: unknown, commit = edit.encoded) => decodeSnapshot({ ...commit, snapshot })
  const { packed, ...rest } = Object(edit.encoded.snapshot)

  it.each([
    ["that isn't there", null],
    ["of an unknown schema number", { ...rest, packed, schema: 2 }],
    ["without a schema number", { ...rest, packed, schema: undefined }],
    ["of another shape", { schema: 1, state: {} }],
    ["whose commands are cut off", { ...rest, packed: packed.slice(0, -4) }],
    ["whose commands are cut off before their first byte", { ...rest, packed: packed.slice(0, 4) }],
    ["that has more bytes than it should", { ...rest, packed: `${packed}AAAA` }],
    ["that has endless numbers", { ...rest, packed: packed.slice(0, 8) + "_".repeat(80) }],
    ["that isn't base64url", { ...rest, packed: `${packed}!` }]
  ])("one %s", (_, snapshot) => {
    assert.isNull(read(snapshot))
  })

  it("one whose commit has a last event of an unknown shape", () => {
    assert.isNull(read(edit.encoded.snapshot, { ...edit.encoded, events: [] }))
    assert.isNull(read(edit.encoded.snapshot, { ...edit.encoded, events: [{ text: "What?" }] }))
    assert.isNull(read(edit.encoded.snapshot, { ...edit.encoded, events: deletion.encoded.events }))
  })

  it.effect.prop(
    "and no JSON makes it an error",
    { snapshot: Arbitrary.schema(Schema.Json) },
    ({ snapshot }) => Effect.sync(() => assert.isNull(read(snapshot)))
  )

  it.effect.prop(
    "and no bytes make it an error",
    { bytes: Schema.String.check(Schema.isPattern(/^[\w-]{0,160}$/)) },
    ({ bytes }) =>
      Effect.sync(() => {
        const state = read({ ...rest, packed: bytes })
        assert.isTrue(state === null || Schema.is(CommentState)(state))
      })
  )
})
