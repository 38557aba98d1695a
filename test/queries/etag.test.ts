import { assert, describe, it } from "@effect/vitest"
import { etagOf } from "../../src/queries/etag.ts"

const encoder = new TextEncoder()

describe("etagOf", () => {
  it("is a quoted tag of the content and of nothing else", () => {
    const padded = encoder.encode("--{}--")
    assert.strictEqual(etagOf(padded.subarray(2, 4)), etagOf(encoder.encode("{}")))
    // printf '{}' | sha256sum: 44136fa355b3678a1146ad16f7e8649e94fb4fc2…, in base64url.
    assert.strictEqual(etagOf(encoder.encode("{}")), `"RBNvo1WzZ4oRRq0W9-hknp"`)
    assert.notStrictEqual(etagOf(encoder.encode("{ }")), etagOf(encoder.encode("{}")))
  })
})
