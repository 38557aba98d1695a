import { assert, describe, it } from "@effect/vitest"
import { categories, categoryOf } from "./categories.ts"
import { type CpuProfile, selfTimes } from "./CpuProfile.ts"

const frame = (functionName: string, url: string) => ({ functionName, url })

describe("categoryOf", () => {
  it("tells ours from effect's, Node's and others' by the file", () => {
    assert.deepStrictEqual(
      [
        frame("lane", "file:///somewhere/marginalia/src/api/handlers/hotPages.ts"),
        frame("run", "file:///somewhere/marginalia/node_modules/effect/dist/Effect.js"),
        frame("query", "file:///somewhere/marginalia/node_modules/@effect/sql-pg/dist/PgClient.js"),
        frame("write", "node:_http_outgoing"),
        frame("emit", "node:events"),
        frame("sendCommand", "/somewhere/node_modules/ioredis/built/Redis.js"),
        frame("stringify", "file:///somewhere/marginalia/test/bench/profile/jsonFrames.mjs"),
        frame("verify", "/somewhere/node_modules/jose/dist/jwt.js")
      ].map(categoryOf),
      [
        "Marginalia",
        "effect",
        "database clients",
        "node:http and streams",
        "Node, other JavaScript",
        "Redis client",
        "JSON",
        "other packages"
      ]
    )
  })

  it("tells what is native by its name", () => {
    assert.deepStrictEqual(
      ["(idle)", "(garbage collector)", "(program)", "writev", "constructor"].map((name) =>
        categoryOf(frame(name, ""))
      ),
      [
        "idle",
        "V8: garbage collection",
        "V8: compiling and other native code",
        "Node, native (sockets, buffers)",
        "Node, native (sockets, buffers)"
      ]
    )
    assert.strictEqual(new Set(categories).size, categories.length)
  })
})

describe("selfTimes", () => {
  const profile: CpuProfile = {
    nodes: [{ id: 1, callFrame: frame("a", "") }, { id: 2, callFrame: frame("b", "") }],
    startTime: 1000,
    samples: [1, 2, 2, 1],
    timeDeltas: [0, 10, 20, 30]
  }
  const name = ({ functionName }: { readonly functionName: string }) => functionName

  it("gives each tick the time until the next", () => {
    assert.deepStrictEqual(selfTimes(profile, { from: 0, to: 9999 }, name), new Map([["a", 10], ["b", 50]]))
  })

  it("leaves out what lies before and after the stretch", () => {
    assert.deepStrictEqual(selfTimes(profile, { from: 1005, to: 1015 }, name), new Map([["b", 20]]))
  })
})
