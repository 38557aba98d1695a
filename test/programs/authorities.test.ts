import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { X509Certificate } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createSecureContext } from "node:tls"
import { authoritiesFile, rdsAuthorities, writeAuthorities } from "../../src/programs/build/authorities.ts"
import { lambdas } from "../../src/programs/build/bundleLambda.ts"
import { ask } from "../engines/ask.ts"

const certificates = rdsAuthorities.map((pem) => new X509Certificate(pem))

const names = certificates.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1] ?? "")

const year = 365 * 24 * 3600 * 1000

describe("The certificates of RDS that lie beside a deployed program", () => {
  it.live("are roots that hold for another year at least", () =>
    Effect.gen(function*() {
      const soon = (yield* Clock.currentTimeMillis) + year
      for (const certificate of certificates) {
        assert.isTrue(certificate.ca && certificate.checkIssued(certificate), certificate.subject)
        assert.isTrue(certificate.verify(certificate.publicKey), certificate.subject)
        assert.isAbove(certificate.validToDate.getTime(), soon, certificate.subject)
      }
    }))

  it("are those of each kind in each region, and of RDS alone", () => {
    const regions = new Set(names.map((name) => /^Amazon RDS ([a-z0-9-]+) Root CA/.exec(name)?.[1]))
    for (const region of ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2", "sa-east-1"]) {
      assert.isTrue(regions.has(region), region)
    }
    // rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 and rds-ca-ecc384-g1
    const kinds = ["RSA2048", "RSA4096", "ECC384"]
    const every = [...regions].flatMap((region) => kinds.map((kind) => `Amazon RDS ${region} Root CA ${kind} G1`))
    assert.deepStrictEqual(names.toSorted(), every.toSorted())
  })

  it.effect("lie beside those Lambdas that speak to Postgres", () =>
    Effect.gen(function*() {
      const folder = yield* ask("lambdas")
      const having = lambdas.filter((name) => existsSync(join(folder, name, authoritiesFile)))
      assert.deepStrictEqual(having, ["projector", "migration"])
    }))

  it("are one file of PEM that TLS can take", () => {
    const folder = mkdtempSync(join(tmpdir(), "marginalia-test-authorities-"))
    writeAuthorities(folder)
    const ca = readFileSync(join(folder, authoritiesFile), "utf8")
    rmSync(folder, { recursive: true })
    assert.lengthOf(ca.match(/^-----BEGIN CERTIFICATE-----$/gm) ?? [], rdsAuthorities.length)
    assert.doesNotThrow(() => createSecureContext({ ca }))
  })
})
