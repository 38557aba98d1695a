import Fastify from "fastify"
import { hash } from "node:crypto"
import { env } from "node:process"
import { Pool } from "pg"
import { identity } from "./identity.mjs"
import { statements, tables } from "./schema.mjs"
import * as shapes from "./shapes.mjs"

// What many would write in place of Marginalia: one service, one table, updated in place. Fastify with schemas for what
// comes and goes, a pool of connections, statements that are prepared by name, each request one statement.

const pool = new Pool({ connectionString: env.DATABASE_URL, max: Number(env.CONNECTIONS ?? 10) })
const query = (statement, values) => pool.query({ ...statement, values })

const app = Fastify({ logger: false, bodyLimit: 64 * 1024 })
const authenticate = identity({ audience: env.TOKEN_AUDIENCE, issuer: env.TOKEN_ISSUER, jwksUrl: env.TOKEN_JWKS_URL })

const refuse = (statusCode, message) => Object.assign(new Error(message), { statusCode })

app.setErrorHandler((error, _, reply) => {
  const status = error.statusCode ?? (reply.statusCode >= 400 ? reply.statusCode : 500)
  reply.code(status).type("application/problem+json").send(
    JSON.stringify({ title: error.message, status: error.validation === undefined ? status : 422 })
  )
})

// An ETag of whatever is answered to a query, by its content.
const tagged = (request, reply, payload, done) => {
  if (reply.statusCode !== 200) return done(null, payload)
  const tag = reply.getHeader("etag") ?? `"${hash("sha1", payload, "base64url")}"`
  reply.header("etag", tag).header("cache-control", "no-cache")
  if (request.headers["if-none-match"] !== tag) return done(null, payload)
  reply.code(304)
  done(null, "")
}

const encodeCursor = ({ createdAt, id }) => Buffer.from(`${createdAt} ${id}`).toString("base64url")
const decodeCursor = (cursor) => {
  const found = /^(\S+Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, "base64url").toString())
  if (found === null) throw refuse(400, "Not a cursor of this list")
  return [found[1], found[2]]
}

app.get("/pictures/:pictureId/comments", {
  schema: { params: shapes.picture, querystring: shapes.pageQuery, response: { 200: shapes.page } },
  onSend: tagged
}, async ({ params: { pictureId }, query: { cursor, limit, order } }) => {
  const { first, next } = statements[order]
  const { rows } = cursor === undefined
    ? await query(first, [pictureId, limit + 1])
    : await query(next, [pictureId, limit + 1, ...decodeCursor(cursor)])
  const items = rows.slice(0, limit)
  // The counter is with the rows; an empty page asks for it only if something came before it.
  const count = rows[0]?.count ??
    (cursor === undefined ? 0 : (await query(statements.count, [pictureId])).rows[0]?.count)
  return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)) : null, count: count ?? 0 }
})

app.get("/pictures/:pictureId/comments/count", {
  schema: { params: shapes.picture, response: { 200: shapes.count } },
  onSend: tagged
}, async ({ params: { pictureId } }) => {
  const { rows: [row] } = await query(statements.count, [pictureId])
  return { pictureId, count: row?.count ?? 0 }
})

const found = async (id) => {
  const { rows: [comment] } = await query(statements.find, [id])
  if (comment === undefined) throw refuse(404, "There is no such comment")
  if (comment.deleted) throw refuse(410, "The comment was deleted")
  return comment
}

app.get("/comments/:id", {
  schema: { params: shapes.id, response: { 200: shapes.comment } },
  onSend: tagged
}, async ({ params: { id } }, reply) => {
  const comment = await found(id)
  reply.header("etag", `"${comment.version}"`)
  return comment
})

const normalised = (text) => {
  const clean = text.replaceAll("\r\n", "\n").normalize("NFC").trim()
  if (clean === "") throw refuse(422, "A comment has a text")
  return clean
}

app.post("/pictures/:pictureId/comments", {
  schema: { params: shapes.picture, body: shapes.text, response: { 201: shapes.comment } },
  preValidation: authenticate
}, async ({ body, params: { pictureId }, user }, reply) => {
  const { rows: [comment] } = await query(statements.insert, [pictureId, user.id, normalised(body.text)])
  reply.code(201).header("location", `/comments/${comment.id}`).header("etag", `"${comment.version}"`)
  return comment
})

// The versions that If-Match allows; null where any will do.
const expected = (header) => {
  if (header === undefined || header.trim() === "*") return null
  return header.split(",").flatMap((tag) => /^"(\d{1,9})"$/.exec(tag.trim())?.[1] ?? []).map(Number)
}

const whyNot = async (id, user, mayModerate) => {
  const comment = await found(id)
  if (comment.authorId !== user.id && !mayModerate) throw refuse(403, "The comment is somebody else's")
  throw refuse(412, "The comment is at another version")
}

app.patch("/comments/:id", {
  schema: { params: shapes.id, body: shapes.text, response: { 200: shapes.comment } },
  preValidation: authenticate
}, async ({ body, headers, params: { id }, user }, reply) => {
  const text = normalised(body.text)
  const { rows: [comment] } = await query(statements.update, [id, user.id, text, expected(headers["if-match"])])
  if (comment === undefined) return whyNot(id, user, false)
  reply.header("etag", `"${comment.version}"`)
  return comment
})

app.delete("/comments/:id", {
  schema: { params: shapes.id },
  preValidation: authenticate
}, async ({ headers, params: { id }, user }, reply) => {
  const moderates = user.scopes.has("comments:moderate")
  const { rowCount } = await query(statements.remove, [id, user.id, moderates, expected(headers["if-match"])])
  if (rowCount === 0) {
    const { rows: [comment] } = await query(statements.find, [id])
    if (comment?.deleted !== true) return whyNot(id, user, moderates)
  }
  return reply.code(204).send()
})

app.get("/health/ready", async () => {
  await pool.query("SELECT 1")
  return { status: "ready" }
})

await pool.query(tables)
await app.listen({ host: env.HOST, port: Number(env.PORT) })
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void app.close().then(() => pool.end()).then(() => process.exit(0)))
}
