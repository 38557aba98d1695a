import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Actor } from "../../src/domain/CommentCommand.ts"
import { AuthorId } from "../../src/domain/ids.ts"
import { deletesAs, mayEdit, mayReadHistory, mayReadOutcome } from "../../src/domain/permission.ts"
import { authorId } from "../support/arbitraries.ts"
import { ana, mo } from "../support/given.ts"

const comment = { authorId: ana.id }
const command = { actor: ana }

/** What somebody may do with what is Ana's. */
const allowed = (actor: Actor) => ({
  edits: mayEdit(actor, comment),
  deletesAs: deletesAs(actor, comment),
  readsHistory: mayReadHistory(actor, comment),
  readsOutcome: mayReadOutcome(actor, command)
})

describe("What may be done with a comment and its commands", () => {
  it("is all for its author, also for one who moderates", () => {
    const all = { edits: true, deletesAs: "author" as const, readsHistory: true, readsOutcome: true }
    assert.deepStrictEqual(allowed(ana), all)
    assert.deepStrictEqual(allowed({ ...ana, moderator: true }), all)
  })

  it("is for a moderator to delete it and to read its history, and neither to edit it nor to read what came of a command", () => {
    assert.deepStrictEqual(allowed(mo), {
      edits: false,
      deletesAs: "moderator",
      readsHistory: true,
      readsOutcome: false
    })
  })

  it.effect.prop(
    "is for anybody else what the moderator's mark says, and nothing else of them",
    { author: authorId, other: authorId, moderator: Schema.Boolean },
    ({ author, moderator, other }) =>
      Effect.sync(() => {
        const theirs = { authorId: author }
        const actor = Actor.make({ id: other, moderator })
        const isOwn = author === other
        assert.strictEqual(mayEdit(actor, theirs), isOwn)
        assert.strictEqual(mayReadHistory(actor, theirs), isOwn || moderator)
        assert.strictEqual(deletesAs(actor, theirs), isOwn ? "author" : moderator ? "moderator" : undefined)
        assert.strictEqual(mayReadOutcome(actor, { actor: Actor.make({ id: author, moderator: true }) }), isOwn)
      })
  )

  it("is nothing for others, be their names Ana's but for the case or white space", () => {
    for (const id of ["bruno", "Ana", "ana ", " ana", "аna", "ana\u200b"]) {
      assert.deepStrictEqual(allowed(Actor.make({ id: AuthorId.make(id), moderator: false })), {
        edits: false,
        deletesAs: undefined,
        readsHistory: false,
        readsOutcome: false
      })
    }
  })
})
