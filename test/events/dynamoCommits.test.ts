import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { commitItem, commitKey, decodeCommitItem } from "../../src/events/dynamoCommits.ts"
import { newStream } from "../../src/events/Head.ts"
import { prepare } from "../../src/events/internal/writing.ts"
import { commitOn } from "../support/commitOn.ts"
import { commit, edited, posted, stream } from "../support/encodedCommits.ts"
import { history } from "../support/histories.ts"

const aCommit = commit(stream(1), 7, edited("b"), edited("c"))

describe("A commit as an item", () => {
  it.effect.prop("comes back as it was, with its snapshot", { history }, ({ history }) =>
    Effect.gen(function*() {
      let head = newStream(history.commits[0]?.stream ?? stream(1))
      for (const commit of history.commits) {
        const writing = yield* prepare(head, commit, () => 0)
        head = writing.head
        assert.deepStrictEqual(decodeCommitItem(commitItem(writing.encoded)), Result.succeed(writing.encoded))
      }
    }))

  it("has the stream as partition key, and the version of its first event as sort key", () => {
    assert.deepInclude(commitItem(aCommit), commitKey(stream(1), 7))
    assert.deepStrictEqual(commitKey(stream(1), 7), { stream: { S: stream(1) }, version: { N: "7" } })
  })

  it.effect("keeps what is packed in a snapshot as bytes", () =>
    Effect.gen(function*() {
      const head = newStream(stream(2))
      const { encoded } = yield* prepare(head, commitOn(head, [posted("a")]))
      const { snapshot = { NULL: true } } = commitItem(encoded)
      assert("M" in snapshot)
      assert.instanceOf(Object(snapshot.M["packed"]).B, Uint8Array)
    }))

  it.each([null, "?", 7, [], { packed: "not base64url!" }, { packed: 5 }])(
    "keeps a snapshot of any shape as it is: %j",
    (snapshot) => {
      const commit = { ...aCommit, snapshot }
      assert.deepStrictEqual(decodeCommitItem(commitItem(commit)), Result.succeed(commit))
    }
  )

  it.each(["stream", "version", "id", "last", "events"])("is none without %s", (attribute) => {
    const { [attribute]: _, ...others } = commitItem(aCommit)
    assert.isTrue(Result.isFailure(decodeCommitItem(others)))
  })
})
