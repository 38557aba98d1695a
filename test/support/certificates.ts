import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "../engines/redis.ts"

/** Files in PEM. */
export interface Certificates {
  /** The authority that the server's certificate comes from. */
  readonly authority: string
  /** One that nothing comes from. */
  readonly otherAuthority: string
  /** The server's, for 127.0.0.1 and not for `localhost`. */
  readonly certificate: string
  readonly key: string
}

const openssl = (folder: string, words: string) =>
  execFileSync("openssl", words.split(" "), { cwd: folder, stdio: ["ignore", "ignore", "pipe"] })

const curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

const makeAuthority = (folder: string, name: string): string => {
  openssl(folder, `req -x509 ${curve} -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`)
  return join(folder, `${name}.pem`)
}

/** Certificates of our own, in a folder that is gone with the scope. Anybody may read them. */
export const makeCertificates = Effect.map(temporaryFolder, (folder): Certificates => {
  chmodSync(folder, 0o755)
  const authority = makeAuthority(folder, "authority")
  const otherAuthority = makeAuthority(folder, "stranger")
  openssl(folder, `req ${curve} -subj /CN=server -keyout server.key -out server.csr`)
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n")
  openssl(
    folder,
    "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names -out server.pem"
  )
  return { authority, otherAuthority, certificate: join(folder, "server.pem"), key: join(folder, "server.key") }
})
