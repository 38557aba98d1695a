import { Effect } from "effect"
import type { Chance } from "../kernel/Chance.ts"
import type { Client } from "./Client.ts"
import { ofAnotherSite } from "./Learned.ts"
import type { Request } from "./Line.ts"
import { authors, moderator, pictures, popular } from "./People.ts"

const someTokens = ({ chance, learned }: Client): Readonly<Record<string, string>> => {
  const tokens = chance.happens(0.45) ? learned.someTokens(chance) : []
  if (tokens.length === 0) return {}
  const wait: Readonly<Record<string, string>> = chance.happens(0.3) ? { prefer: `wait=${chance.integer(0, 10)}` } : {}
  const all = chance.happens(0.08) ? tokens.map(ofAnotherSite) : tokens
  return { "consistency-token": all.join(", "), ...wait }
}

const someTag = ({ chance, learned }: Client, path: string): Readonly<Record<string, string>> => {
  const etag = learned.etags.get(path)
  return etag !== undefined && chance.happens(0.5) ? { "if-none-match": etag } : {}
}

const read = Effect.fnUntraced(function*(client: Client, request: Omit<Request, "method">) {
  const { chance, learned, line } = client
  const { path } = request
  const headers = { ...request.headers, ...someTag(client, path) }
  const answer = yield* line.send(chance, { ...request, method: "GET", headers })
  const etag = answer?.headers["etag"]
  if (etag !== undefined) learned.etags.set(path, etag)
  return answer
})

const nextIn = (body: unknown): string | null =>
  typeof body === "object" && body !== null && "nextCursor" in body && typeof body.nextCursor === "string"
    ? body.nextCursor
    : null

/** Reads a list from its beginning, mostly a page, sometimes to its end. */
const walk = Effect.fnUntraced(function*(client: Client, list: string) {
  const { chance } = client
  const who = popular(chance, authors)
  const order: "newest" | "oldest" = chance.pick(["newest", "newest", "oldest"])
  const limit = chance.pick([2, 3, 20])
  const pages = chance.happens(0.3) ? 6 : 1
  const headers = someTokens(client)
  let cursor: string | null = null
  for (let page = 0; page < pages; page++) {
    const query: string = new URLSearchParams({
      order,
      limit: String(limit),
      ...(cursor === null ? {} : { cursor })
    }).toString()
    const answer = yield* read(client, { who, path: `${list}?${query}`, headers })
    cursor = nextIn(answer?.body)
    if (cursor === null) return
    yield* Effect.sleep(chance.integer(0, 1_000))
  }
})

/** A picture's comments; now and then two ask for the same at once. */
export const readPicture = (client: Client) =>
  Effect.suspend(() => {
    const list = `/pictures/${popular(client.chance, pictures)}/comments`
    const readers = client.chance.happens(0.2)
      ? [client.chance.fork("same"), client.chance.fork("same")]
      : [client.chance]
    return Effect.forEach(readers, (chance) => walk({ ...client, chance }, list), {
      concurrency: "unbounded",
      discard: true
    })
  })

/** Looks at a picture again and again, as somebody does who waits for others' answers. */
export const watchPicture = (client: Client) =>
  Effect.suspend(() => {
    const { chance, line } = client
    const who = popular(chance, authors)
    const list = `/pictures/${popular(chance, pictures)}/comments`
    const path = chance.happens(0.3) ? `${list}/count` : list
    const looks = chance.integer(5, 20)
    const pause = chance.integer(20, 300)
    const look = line.send(chance, { who, method: "GET", path })
    return Effect.forEach(
      Array.from({ length: looks }),
      () => Effect.andThen(look, Effect.sleep(chance.integer(0, pause))),
      { discard: true }
    )
  })

/** What somebody wrote. */
export const readAuthor = (client: Client) =>
  Effect.suspend(() => walk(client, `/users/${popular(client.chance, authors).id}/comments`))

/** How many comments a picture has, or some. */
export const readCounts = (client: Client) =>
  Effect.suspend(() => {
    const { chance } = client
    const some = (of: Chance) => pictures.filter(() => of.happens(0.6))
    const [first, ...others] = chance.happens(0.4) ? some(chance) : []
    const path = first === undefined
      ? `/pictures/${popular(chance, pictures)}/comments/count`
      : `/comment-counts?${[first, ...others].map((picture) => `pictureId=${encodeURIComponent(picture)}`).join("&")}`
    return read(client, { who: popular(chance, authors), path, headers: someTokens(client) })
  })

/** One comment, or its history. */
export const readComment = (client: Client) =>
  Effect.suspend(() => {
    const { chance, learned, operation } = client
    const comment = learned.anyComment(chance, operation)
    if (comment === undefined) return readPicture(client)
    const author = authors.find(({ id }) => id === comment.author) ?? moderator
    const isHistory = chance.happens(0.4)
    const who = isHistory && chance.happens(0.8) ? chance.pick([author, moderator]) : popular(chance, authors)
    const path = `/comments/${comment.id}${isHistory ? "/history" : ""}`
    return Effect.asVoid(read(client, { who, path, headers: someTokens(client) }))
  })
