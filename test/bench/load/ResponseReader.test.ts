import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect } from "effect"
import { integer } from "../../support/arbitraries.ts"
import { ResponseReader } from "./ResponseReader.ts"

const answer = (status: string, headers: string, body: string) =>
  Buffer.from(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`)

const ok = answer("200 OK", "Date: now\r\nContent-Length: 5\r\nX: y", "hello")

describe("ResponseReader", () => {
  it.effect.prop(
    "finds the end of an answer that comes in any pieces, and of the next",
    [Arbitrary.array(integer(1, ok.length - 1), { maxLength: 6 })],
    ([cuts]) =>
      Effect.sync(() => {
        const reader = new ResponseReader()
        const ends = Array.from(new Set([...cuts, ok.length])).toSorted((a, b) => a - b)
        for (let times = 0; times < 2; times++) {
          const complete = ends.map((end, index) => reader.push(Buffer.from(ok.subarray(ends[index - 1] ?? 0, end))))
          assert.deepStrictEqual(complete, ends.map((end) => end === ok.length))
          assert.strictEqual(reader.status, 200)
        }
      })
  )

  it("keeps what an answer says that isn't a success", () => {
    const reader = new ResponseReader()
    assert.isTrue(reader.push(answer("503 Service Unavailable", "content-length: 4", "busy")))
    assert.strictEqual(reader.status, 503)
    assert.strictEqual(reader.body, "busy")
  })

  it("takes an answer without content as complete", () => {
    const reader = new ResponseReader()
    assert.isTrue(reader.push(answer("204 No Content", "Date: now", "")))
    assert.strictEqual(reader.status, 204)
  })

  it("refuses an answer that doesn't say its length, and bytes that nobody asked for", () => {
    assert.throws(
      () => new ResponseReader().push(answer("200 OK", "Transfer-Encoding: chunked", "0\r\n\r\n")),
      /how long/
    )
    assert.throws(() => new ResponseReader().push(Buffer.concat([ok, ok])), /no request was sent/)
  })
})
