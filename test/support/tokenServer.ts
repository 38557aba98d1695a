import { Sha256 } from "@smithy/core/checksum"
import { SignatureV4 } from "@smithy/signature-v4"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { TLSSocket } from "node:tls"
import type { Certificates } from "./certificates.ts"
import { listen } from "./serve.ts"

/** What stands before a Postgres server as RDS does where IAM authenticates: TLS, then a token in place of a password. */
export interface TokenServer {
  readonly port: number
  /** The tokens that it was shown so far, whether they were good or not. */
  readonly tokens: ReadonlyArray<string>
}

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const sslGranted = "S"
const askPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])

const refusal = () => {
  const fields = Buffer.from("SFATAL\0VFATAL\0C28000\0MPAM authentication failed\0\0")
  const head = Buffer.alloc(5, "E")
  head.writeUInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Whether AWS's own library signs the same with this secret. */
const isSigned = async (token: string, place: { readonly host: string; readonly region: string }, secret: string) => {
  const { searchParams } = new URL(`https://${token}`)
  const time = (searchParams.get("X-Amz-Date") ?? "").replace(/^(.{4})(..)(..T..)(..)/, "$1-$2-$3:$4:")
  const [hostname = "", port] = place.host.split(":")
  const signer = new SignatureV4({
    service: "rds-db",
    region: place.region,
    credentials: {
      accessKeyId: (searchParams.get("X-Amz-Credential") ?? "").split("/")[0] ?? "",
      secretAccessKey: secret,
      sessionToken: searchParams.get("X-Amz-Security-Token") ?? ""
    },
    sha256: Sha256
  })
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      port: Number(port),
      path: "/",
      query: { Action: "connect", DBUser: searchParams.get("DBUser") ?? "" },
      headers: { host: place.host }
    },
    { expiresIn: 900, signingDate: new Date(time) }
  )
  return query?.["X-Amz-Signature"] === searchParams.get("X-Amz-Signature")
}

const chunk = (socket: Socket) => new Promise<Buffer>((resolve) => socket.once("data", resolve))

/** One on a free port until the scope ends, before a server that trusts whoever comes. */
export const makeTokenServer = Effect.fnUntraced(function*(
  target: { readonly host: string; readonly port: number },
  { certificate, key }: Certificates,
  { region, secret }: { readonly region: string; readonly secret: string }
) {
  const tokens: Array<string> = []
  const sockets = new Set<Socket>()
  const options = { isServer: true, cert: readFileSync(certificate), key: readFileSync(key) }

  const serve = async (plain: Socket, host: string) => {
    await chunk(plain)
    plain.write(sslGranted)
    const client = new TLSSocket(plain, options).on("error", () => plain.destroy())
    const startup = await chunk(client)
    client.write(askPassword)
    const token = (await chunk(client)).subarray(5, -1).toString()
    tokens.push(token)
    if (!(await isSigned(token, { host, region }, secret))) {
      client.end(refusal())
      return
    }
    const server = connect(target).on("error", () => client.destroy()).on("close", () => client.destroy())
    sockets.add(server)
    client.on("close", () => server.destroy())
    server.write(startup)
    client.pipe(server)
    server.pipe(client)
  }

  let isEnded = false
  const listener = createServer((plain) => {
    if (isEnded) {
      plain.destroy()
      return
    }
    sockets.add(plain)
    plain.on("error", () => plain.destroy())
    void serve(plain, `127.0.0.1:${plain.localPort}`)
  })
  const port = yield* listen(listener)
  // Nobody may come while it ends: it would wait for him.
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      isEnded = true
      for (const socket of sockets) socket.destroy()
    })
  )
  return { port, tokens } satisfies TokenServer
})
