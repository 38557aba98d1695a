import { assert, describe, it } from "@effect/vitest"
import { AuthorId } from "../../../src/domain/ids.ts"
import type { ReceivedAnswer } from "../../simulation/history/History.ts"
import { Recorder } from "../clients/Recorder.ts"
import { availabilityOf } from "./availability.ts"
import { type Sample, samplesOf } from "./Sample.ts"

const answered = (status: number): ReceivedAnswer => ({ status, headers: {}, body: undefined })
const request = { method: "GET", path: "/", headers: {}, body: undefined } as const

const sample = (sent: number, status: number | null): Sample => ({
  kind: "poster",
  sent,
  took: sent / 10,
  status,
  failed: status === null || status >= 500
})

describe("What was recorded", () => {
  it("fails where no answer came, and from 500 on; what is refused was answered", () => {
    const recorder = new Recorder()
    for (const answer of [answered(201), answered(412), answered(499), answered(500), answered(503), null]) {
      recorder.sent({ kind: "poster", client: AuthorId.make("ana"), scopes: [], request })(answer)
    }
    const samples = samplesOf(recorder.recorded)
    assert.deepStrictEqual(samples.map(({ failed }) => failed), [false, false, false, true, true, true])
    assert.strictEqual(samples.at(-1)?.status, null)
  })

  it("is in the order in which it was sent, each with its own number", () => {
    const recorder = new Recorder()
    const asked = { kind: "poster", client: AuthorId.make("ana"), scopes: [], request } as const
    const first = recorder.sent(asked)
    recorder.sent(asked)(answered(200))
    first(null)
    assert.deepStrictEqual(recorder.exchanges().map(({ answer, number }) => [number, answer?.status]), [
      [1, undefined],
      [2, 200]
    ])
    const [one, other] = recorder.exchanges()
    assert.isAbove(one?.ended.tick ?? 0, other?.ended.tick ?? Infinity)
  })
})

describe("What the services are judged by", () => {
  it("isn't what the entry says in their place, which still failed", () => {
    const recorder = new Recorder()
    const asked = { kind: "poster", client: AuthorId.make("ana"), scopes: [], request } as const
    recorder.sent(asked)({ status: 503, headers: {}, body: { message: "Service Unavailable" } })
    recorder.sent(asked)(answered(503))
    recorder.sent(asked)({ status: 503, headers: { "x-request-id": "7" }, body: { message: "mine" } })
    assert.deepStrictEqual(recorder.exchanges().map(({ answer }) => answer?.status), [undefined, 503, 503])
    assert.deepStrictEqual(samplesOf(recorder.recorded).map(({ status }) => status), [503, 503, 503])
  })
})

describe("Availability", () => {
  it("is told of all requests, and of those that were sent while a fault lasted", () => {
    const samples = [
      sample(50, 201),
      sample(100, 503),
      sample(150, null),
      sample(200, 201),
      sample(250, 503),
      sample(300, 404),
      sample(350, 201)
    ]
    const [poster, editor] = availabilityOf(samples, [{ begun: 100, ended: 200, recoveryFrom: "end" }], 5_000)
    assert.deepStrictEqual(poster, {
      kind: "poster",
      all: { requests: 7, failed: 3 },
      meanwhile: { requests: 2, failed: 2 },
      errors: [[503, 2], [null, 1]],
      slowest: 35,
      recoveries: [51]
    })
    assert.deepInclude(editor, { kind: "editor", all: { requests: 0, failed: 0 } })
  })
})
