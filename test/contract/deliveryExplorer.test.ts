import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { AlreadySettled } from "../../src/commands/CommandInbox.ts"
import { rememberedCommands } from "../../src/domain/CommentState.ts"
import { bruno, versions } from "../support/given.ts"
import { freshEdit, freshPost, freshRemoval } from "../support/inboxEntries.ts"
import { explore } from "./deliveryExplorer.ts"
import type { Disguise, Scenario } from "./deliveryWorld.ts"

const first = freshPost("zero")
const { commentId } = first
const edit = freshEdit(commentId, "one")
const deliveredTwice = { before: [first], deliveries: 2, rivalEdits: 0, mayDie: false }

/** So many that a comment has forgotten a command that came before them. */
const many = rememberedCommands + 1

const scenarios: ReadonlyArray<Scenario & { readonly outcomes: ReadonlyArray<string> }> = [
  { ...deliveredTwice, name: "a post", before: [], command: first, outcomes: ["accepted"] },
  { ...deliveredTwice, name: "an edit", command: edit, outcomes: ["accepted"] },
  { ...deliveredTwice, name: "an edit, and one delivery dies", command: edit, mayDie: true, outcomes: ["accepted"] },
  { ...deliveredTwice, name: "an edit beside another", command: edit, rivalEdits: 1, outcomes: ["accepted"] },
  {
    ...deliveredTwice,
    name: "an edit that the comment has forgotten since",
    command: edit,
    rivalEdits: many,
    outcomes: ["accepted"]
  },
  {
    ...deliveredTwice,
    name: "an edit of one version, beside another",
    command: { ...edit, precondition: versions(1) },
    rivalEdits: 1,
    outcomes: ["VersionMismatch", "accepted"]
  },
  {
    ...deliveredTwice,
    name: "an edit to the text that the comment has, beside another",
    command: freshEdit(commentId, "zero"),
    rivalEdits: 1,
    outcomes: ["accepted", "unchanged"]
  },
  {
    ...deliveredTwice,
    name: "a deletion beside an edit",
    command: freshRemoval(commentId),
    rivalEdits: 1,
    outcomes: ["accepted"]
  },
  {
    ...deliveredTwice,
    name: "a stranger's edit",
    command: { ...edit, actor: bruno },
    outcomes: ["NotTheAuthor"]
  }
]

const inTwoSteps: Disguise = (inbox, store) => ({
  ...inbox,
  appendAndSettle: (head, commit, id, outcome) =>
    Effect.gen(function*() {
      const next = yield* store.append(head, commit)
      const settled = yield* Effect.orDie(inbox.settle(id, outcome))
      return settled ? next : yield* new AlreadySettled({ id })
    })
})

const whateverStands: Disguise = (inbox, store) => ({
  ...inbox,
  appendAndSettle: (head, commit, id, outcome) =>
    Effect.catchTag(
      inbox.appendAndSettle(head, commit, id, outcome),
      "AlreadySettled",
      () => store.append(head, commit)
    )
})

describe("Two deliveries of one command at once", () => {
  it.effect.each(scenarios)("come to one outcome in every interleaving: $name", (scenario) =>
    Effect.gen(function*() {
      const { outcomes, schedules, violation } = yield* explore(scenario)
      assert.isUndefined(violation, JSON.stringify(violation))
      assert.sameMembers([...outcomes], [...scenario.outcomes])
      assert.isAbove(schedules, 5)
    }))
})

describe("The explorer of deliveries", () => {
  const forgotten = { ...deliveredTwice, name: "forgotten", command: edit, rivalEdits: many }

  it.effect("notices a command that is appended twice, where the append doesn't ask whether it is pending", () =>
    Effect.gen(function*() {
      for (const disguise of [inTwoSteps, whateverStands]) {
        const { violation } = yield* explore(forgotten, disguise)
        assert.strictEqual(
          violation?.promise,
          "the log has the command's events if and only if it was accepted, and once"
        )
      }
    }))
})
