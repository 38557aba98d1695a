import { assert, describe, it } from "@effect/vitest"
import type { AimedRequest } from "../Row.ts"
import type { CrudMaterial } from "./CrudMaterial.ts"
import { crudRowNames } from "./crudRowNames.ts"
import { crudRows, requestsOf } from "./crudRows.ts"

const material: CrudMaterial = {
  tokens: ["ana's", "bo's"],
  ids: ["one", "two", "three", "four"],
  commands: 1,
  pictures: 500,
  comments: 3000
}

const many = 20_000

const textOf = ({ request }: AimedRequest): string =>
  typeof request === "string" ? request : Buffer.from(request).toString("utf8")

const pathOf = (request: AimedRequest): string => textOf(request).split(" ")[1] ?? ""

const some = (name: typeof crudRowNames[number], count: number, from = material): ReadonlyArray<AimedRequest> => {
  const request = requestsOf(name, from)
  return Array.from({ length: count }, (_, number) => request(number))
}

const shareOf = (requests: ReadonlyArray<AimedRequest>, which: (request: AimedRequest) => boolean): number =>
  requests.filter(which).length / requests.length

describe("crudRows", () => {
  for (const name of crudRowNames) {
    it(`${name} sends whole requests, whatever script their text is in`, () => {
      for (const request of some(name, 300)) {
        const [head = "", body = ""] = textOf(request).split("\r\n\r\n")
        const [, length = "0"] = /\r\nContent-Length: (\d+)/.exec(head) ?? []
        assert.strictEqual(Buffer.byteLength(body), Number(length))
        assert.match(head, /^(?:GET|POST|PATCH) \/\S+ HTTP\/1\.1\r\n/)
      }
    })
  }

  it("reads from the first port, and writes to that of commands", () => {
    assert.isTrue(some("crud-cold-page", 100).every(({ status, to }) => to === 0 && status === 200))
    assert.isTrue(some("crud-post", 100).every(({ status, to }) => to === 1 && status === 201))
    assert.isTrue(some("crud-edit", 100, { ...material, commands: 0 }).every(({ to }) => to === 0))
  })

  it("aims at twice the traditional service's hot reads, and at nothing else", () => {
    assert.deepStrictEqual(crudRowNames.filter((name) => crudRows[name].aim !== null), ["crud-hot-page"])
    assert.strictEqual(crudRows["crud-hot-page"].aim, 2)
  })
})

describe("The mix", () => {
  for (const name of ["crud-mix-80", "crud-mix-99"] as const) {
    const requests = some(name, many)

    it(`${name} is 100 reads to a write, nearly nine in ten of them first pages`, () => {
      assert.closeTo(shareOf(requests, ({ to }) => to === 1), 1 / 101, 0.003)
      assert.closeTo(shareOf(requests, (request) => pathOf(request).endsWith("/comments")), 0.88, 0.01)
      assert.closeTo(shareOf(requests, (request) => pathOf(request).endsWith("/count")), 0.06, 0.006)
    })

    it(`${name} asks every side for the same, in the same order`, () => {
      const other = { ...material, tokens: ["c's", "d's"], commands: 0 as const }
      assert.deepStrictEqual(some(name, 500, other).map(pathOf), requests.slice(0, 500).map(pathOf))
    })
  }

  it("asks for the most popular picture more often where popularity is steeper", () => {
    const ofFirst = (request: AimedRequest) => pathOf(request).startsWith("/pictures/picture-0/")
    assert.isAbove(shareOf(some("crud-mix-99", many), ofFirst), 1.5 * shareOf(some("crud-mix-80", many), ofFirst))
  })
})
