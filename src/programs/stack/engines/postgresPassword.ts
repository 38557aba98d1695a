import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chownSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { serverUser } from "./postgresBinaries.ts"

/** The file, in a server's folder, with the password of its superuser. */
export const passwordFile = "superuser-password"

/** Writes a file that the server's user may read, and nobody else. */
const writePrivate = (path: string, text: string): void => {
  writeFileSync(path, text, { mode: 0o600 })
  if (serverUser.uid !== undefined && serverUser.gid !== undefined) chownSync(path, serverUser.uid, serverUser.gid)
}

const newPassword = (): string => randomBytes(18).toString("hex")

/** The superuser's password for a cluster that is about to be made, in its file. */
export const preparePassword = (folder: string): void => {
  const file = join(folder, passwordFile)
  if (!existsSync(file)) writePrivate(file, newPassword())
}

/**
 * The superuser's password. A cluster of a version that believed whoever came gets one while its server isn't running; the
 * file is written last, so that whatever breaks off is done again.
 */
export const superuserPassword = (cluster: {
  readonly folder: string
  readonly data: string
  readonly postgres: string
}): string => {
  const file = join(cluster.folder, passwordFile)
  if (existsSync(file)) return readFileSync(file, "utf8")
  const password = newPassword()
  execFileSync(
    cluster.postgres,
    ["--single", "-j", "-D", cluster.data, "-c", "password_encryption=scram-sha-256", "postgres"],
    {
      ...serverUser,
      cwd: cluster.folder,
      input: `ALTER ROLE postgres PASSWORD '${password}';\n\n`,
      stdio: ["pipe", "ignore", "pipe"]
    }
  )
  writePrivate(file, password)
  return password
}

/**
 * The server's settings by which everybody must say a password, whatever the cluster's own `pg_hba.conf` says: that of one
 * which was made by a version before believed whoever came.
 */
export const passwordSettings = (folder: string): ReadonlyArray<string> => {
  const file = join(folder, "access")
  writePrivate(file, "host all all 127.0.0.1/32 scram-sha-256\n")
  return ["password_encryption=scram-sha-256", `hba_file=${file}`]
}
