import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { readOperations } from "../../../src/programs/replay/Operation.ts"
import { makeFolder } from "../dataDirectory.ts"

const line = (operation: Readonly<Record<string, unknown>>): string => `${JSON.stringify(operation)}\n`

const post = line({ op: "post", ref: "a", picture: "sunset", author: "ana", text: "text" })

const read = Effect.fnUntraced(function*(content: string | Uint8Array) {
  const file = join(yield* makeFolder, "operations.jsonl")
  writeFileSync(file, content)
  return yield* Effect.mapError(readOperations(file), ({ message }) => message.slice(file.length))
}, Effect.scoped)

it.layer(NodeServices.layer)("A file of operations", (it) => {
  it.effect("has one to a line, and may have empty lines and ends of either kind", () =>
    Effect.gen(function*() {
      const operations = yield* read(`\r\n${post.trimEnd()}\r\n\n${line({ op: "delete", ref: "a", author: "ana" })}\n`)
      assert.deepStrictEqual(operations.map(({ line, operation }) => [line, operation.op]), [[2, "post"], [
        4,
        "delete"
      ]])
      assert.deepStrictEqual(yield* read(""), [])
    }))

  it.effect("is refused as a whole by the first line that isn't an operation", () =>
    Effect.gen(function*() {
      const malformed: ReadonlyArray<readonly [content: string | Uint8Array, reason: RegExp]> = [
        [`${post}\n{"op":`, /^, line 3: /],
        [`${post}[]\n`, /^, line 2: /],
        [`${post}${line({ op: "like", ref: "a", author: "ana" })}`, /^, line 2: /],
        [`${post}${line({ op: "edit", ref: "a", author: "ana" })}`, /^, line 2: .*text/s],
        [`${post}${line({ op: "edit", ref: "a", author: "a\nb", text: "x" })}`, /^, line 2: .*author/s],
        [line({ op: "post", ref: "a", picture: "a b", author: "ana", text: "" }), /^, line 1: .*picture/s],
        [line({ op: "post", ref: "", picture: "a", author: "ana", text: "" }), /^, line 1: .*ref/s],
        [Buffer.from([0xff, 0xfe, 0x00]), /^, line 1: /]
      ]
      for (const [content, reason] of malformed) assert.match(yield* Effect.flip(read(content)), reason)
    }))

  it.effect("has to be there", () =>
    Effect.gen(function*() {
      const { message } = yield* Effect.flip(readOperations("no-such-file.jsonl"))
      assert.strictEqual(message, "no-such-file.jsonl can't be read: there is no such file.")
    }))

  it.effect("posts each comment once, and before it is changed", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Effect.flip(read(`${post}${post}`)), ", line 2: a is posted twice")
      const early = yield* Effect.flip(read(`${line({ op: "delete", ref: "a", author: "ana" })}${post}`))
      assert.strictEqual(early, ", line 1: a has not been posted before")
    }))
})
