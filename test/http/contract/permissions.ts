import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { later, locationOf } from "../accepted.ts"
import { assertProblem, assertStatus } from "../assertAnswer.ts"
import { bearer, moderate, newPicture, post, posted, write } from "../comments.ts"
import { exchange, type Reply } from "../exchange.ts"
import type { Part } from "../Part.ts"
import { anybody, issuerAtHand, moderator, somebodyElse } from "../people.ts"
import {
  type CallerKind,
  callers,
  type Cell,
  contractRows,
  localRows,
  type Row,
  standaloneRows
} from "../permissionTable.ts"
import { after } from "../queries.ts"

/** What each of them sends along, where everything belongs to the author. */
const credentialsOf = Effect.fnUntraced(function*(kind: CallerKind, author: string) {
  // A deployment's tokens are of one person each, and of no more than are needed.
  if (kind === "another user without a scope" || kind === "a moderator who may not write") yield* issuerAtHand
  switch (kind) {
    case "nobody":
      return {}
    case "somebody with a bad token":
      return { authorization: "Bearer x" }
    case "another user":
      return yield* bearer(yield* somebodyElse)
    case "another user without a scope":
      return yield* bearer(yield* somebodyElse, "")
    case "the author":
      return yield* bearer(author)
    case "the author without a scope":
      return yield* bearer(author, "")
    case "a moderator":
      return yield* bearer(yield* moderator, `${write} ${moderate}`)
    case "a moderator who may not write":
      return yield* bearer(yield* moderator, moderate)
  }
})

const assertCell = (reply: Reply, cell: Cell, operation: string) => {
  const [status = "", problem] = cell.split(" ")
  assert.strictEqual(String(reply.status), status, `${operation}: ${reply.text.slice(0, 300)}`)
  if (problem !== undefined) assertProblem(reply, Number(status), problem)
}

/** Has a caller ask for everything: what is changed, nobody has changed before, and nobody reads it. */
const askForAll = Effect.fnUntraced(function*(rows: ReadonlyArray<Row>, kind: CallerKind) {
  const author = yield* anybody
  const credentials = yield* credentialsOf(kind, author)
  const location = locationOf(yield* post(newPicture(), author, "text", { headers: later }))
  const read = yield* posted({ by: author })
  for (const { body, cells, operation, path } of rows) {
    const [method = ""] = operation.split(" ")
    const { id, pictureId, token } = method === "GET" ? read : yield* posted({ by: author })
    const cell = cells[callers.indexOf(kind)] ?? assert.fail()
    const request = {
      path: path({ picture: pictureId, comment: id, command: location.replace("/commands/", "") }),
      headers: {
        ...credentials,
        // A query waits until it can see what was posted.
        ...(method === "GET" ? after(token) : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    }
    assertCell(yield* exchange({ ...request, method }), cell, operation)
    if (method !== "GET") continue
    assertStatus(yield* exchange({ ...request, method: "HEAD" }), Number(cell.slice(0, 3)))
  }
})

const partOf = (rows: ReadonlyArray<Row>, what: string): Part => (it) =>
  describe(`Every operation ${what}`, () => {
    it.effect.each(callers)("is for %s as the table of permissions has it", (kind) => askForAll(rows, kind))
  })

export const permissions = partOf(contractRows, "of the contract")

export const localPermissions = partOf(localRows, "that is only where nobody else comes")

export const standalonePermissions = partOf(standaloneRows, "of the one process")
