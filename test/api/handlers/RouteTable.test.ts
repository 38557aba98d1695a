import { assert, describe, it } from "@effect/vitest"
import { CommandApi } from "../../../src/api/CommandApi.ts"
import { pathOf, pathsOf, RouteTable, servedElsewhere } from "../../../src/api/handlers/RouteTable.ts"
import { QueryApi } from "../../../src/api/QueryApi.ts"

const found = (table: RouteTable, path: string) => {
  const served = table.find(path)
  return served === undefined ? undefined : [served.template, Array.from(served.methods).toSorted().join(" ")]
}

describe("The table of routes", () => {
  const table = new RouteTable([...pathsOf(CommandApi), ...pathsOf(QueryApi)])

  it("has all methods of a path, from whichever contract, and HEAD wherever there is GET", () => {
    assert.deepStrictEqual(found(table, "/comments/1"), ["/comments/:commentId", "DELETE GET HEAD PATCH"])
    assert.deepStrictEqual(found(table, "/pictures/a/comments"), ["/pictures/:pictureId/comments", "GET HEAD POST"])
    assert.deepStrictEqual(found(table, "/comment-counts"), ["/comment-counts", "GET HEAD"])
    assert.deepStrictEqual(found(table, "/commands/1"), ["/commands/:commandId", "GET HEAD"])
  })

  it("doesn't have what is more or less than a path, or written otherwise", () => {
    const others = ["", "/", "/comments", "/comments/", "/comments/1/", "/comments/1/2", "/Comments/1", "/x/comments/1"]
    for (const path of others) assert.isUndefined(table.find(path), path)
  })

  it("takes a template's dots for dots, and a fixed path before one with parameters", () => {
    const fixed = new RouteTable([
      { template: "/:name", methods: ["POST"] },
      { template: "/openapi.json", methods: ["GET"] }
    ])
    assert.deepStrictEqual(found(fixed, "/openapi.json"), ["/openapi.json", "GET HEAD"])
    assert.deepStrictEqual(found(fixed, "/openapi-json"), ["/:name", "POST"])
  })

  it("merges what two contracts serve under one path", () => {
    const merged = new RouteTable([{ template: "/a", methods: ["POST"] }, { template: "/a", methods: ["PUT"] }])
    assert.deepStrictEqual(found(merged, "/a"), ["/a", "POST PUT"])
  })

  it("tells which methods of a path another service serves", () => {
    const known = new RouteTable([...pathsOf(CommandApi), ...servedElsewhere(pathsOf(QueryApi))])
    const elsewhere = (path: string) => Array.from(known.find(path)?.elsewhere ?? []).toSorted()
    assert.deepStrictEqual(elsewhere("/comments/1"), ["GET", "HEAD"])
    assert.deepStrictEqual(elsewhere("/comment-counts"), ["GET", "HEAD"])
    assert.deepStrictEqual(found(known, "/comments/1"), ["/comments/:commentId", "DELETE GET HEAD PATCH"])
    assert.isEmpty(table.find("/comments/1")?.elsewhere)
  })
})

describe("The path of a URL", () => {
  it("ends at the first question mark", () => {
    assert.strictEqual(pathOf("/a;b/c#d"), "/a;b/c#d")
    assert.strictEqual(pathOf("/a?b=/c?d"), "/a")
    assert.strictEqual(pathOf("/a"), "/a")
    assert.strictEqual(pathOf("?a"), "")
  })
})
