import { Effect } from "effect"
import type { Chance } from "../kernel/Chance.ts"
import { type Client, command } from "./Client.ts"
import type { KnownComment } from "./Learned.ts"
import type { Request } from "./Line.ts"
import { authors, moderator, type Person, pictures, popular } from "./People.ts"
import { someText } from "./texts.ts"

// Most keys are of one operation; some are chosen by everybody, for everything.
const someKey = (chance: Chance, operation: number, likelihood: number): Readonly<Record<string, string>> => {
  if (!chance.happens(likelihood)) return {}
  return { "idempotency-key": chance.happens(0.2) ? `shared-${chance.integer(1, 2)}` : `key-${operation}` }
}

const someAsync = (chance: Chance): Readonly<Record<string, string>> =>
  chance.happens(0.25) ? { prefer: "respond-async" } : {}

const posting = ({ chance, operation }: Client): Request => ({
  who: popular(chance, authors),
  method: "POST",
  path: `/pictures/${popular(chance, pictures)}/comments`,
  headers: { ...someKey(chance, operation, 0.75), ...someAsync(chance) },
  body: { text: someText(chance, operation) }
})

const pathTo = ({ id }: KnownComment): string => `/comments/${id}`

// Mostly whoever may.
const somebodyFor = (chance: Chance, { author }: KnownComment): Person =>
  chance.happens(0.88) ? authors.find(({ id }) => id === author) ?? moderator : popular(chance, authors)

const someCondition = ({ chance, learned }: Client, comment: KnownComment): Readonly<Record<string, string>> =>
  chance.happens(0.25) ? { "if-match": chance.happens(0.1) ? "*" : `"${learned.someVersion(chance, comment)}"` } : {}

const editing = (client: Client, comment: KnownComment): Request => ({
  who: somebodyFor(client.chance, comment),
  method: "PATCH",
  path: pathTo(comment),
  headers: {
    ...someKey(client.chance, client.operation, 0.6),
    ...someAsync(client.chance),
    ...someCondition(client, comment)
  },
  body: { text: client.chance.happens(0.12) ? comment.text : someText(client.chance, client.operation) }
})

const deleting = (client: Client, comment: KnownComment): Request => ({
  who: client.chance.happens(0.3) ? moderator : somebodyFor(client.chance, comment),
  method: "DELETE",
  path: pathTo(comment),
  headers: {
    ...someKey(client.chance, client.operation, 0.5),
    ...someAsync(client.chance),
    ...someCondition(client, comment)
  }
})

// With a key, what was sent is sometimes sent again: at the same time, later, or for something else.
const sendIt = Effect.fnUntraced(function*(client: Client, request: Request) {
  const { chance } = client
  const withKey = request.headers?.["idempotency-key"] !== undefined
  const isDoubled = withKey && chance.happens(0.2)
  const isRepeated = withKey && chance.happens(0.25)
  const isOther = withKey && request.body !== undefined && chance.happens(0.12)
  yield* Effect.all(
    [command(client, request), ...(isDoubled ? [command({ ...client, chance: chance.fork("double") }, request)] : [])],
    { concurrency: "unbounded" }
  )
  if (isRepeated) {
    yield* Effect.sleep(chance.integer(100, 15_000))
    yield* command({ ...client, chance: chance.fork("again") }, request)
  }
  if (isOther) {
    const body = { text: someText(chance, client.operation) }
    yield* command({ ...client, chance: chance.fork("other") }, { ...request, body })
  }
})

/** Posts a comment. */
export const post = (client: Client) => Effect.suspend(() => sendIt(client, posting(client)))

const onComment = (client: Client, requestOf: (client: Client, comment: KnownComment) => Request) =>
  Effect.suspend(() => {
    const comment = client.learned.anyComment(client.chance, client.operation)
    return sendIt(client, comment === undefined ? posting(client) : requestOf(client, comment))
  })

/** Changes the text of a comment. */
export const edit = (client: Client) => onComment(client, editing)

/** Deletes a comment. */
export const remove = (client: Client) => onComment(client, deleting)

/** Several at once change one comment. */
export const burst = (client: Client) =>
  Effect.suspend(() => {
    const comment = client.learned.anyComment(client.chance, client.operation)
    if (comment === undefined) return sendIt(client, posting(client))
    const at = Array.from({ length: client.chance.integer(3, 6) }, (_, n) => client.chance.fork(n))
    return Effect.forEach(at, (chance) => command({ ...client, chance }, editing({ ...client, chance }, comment)), {
      concurrency: "unbounded",
      discard: true
    })
  })

/** One changes a comment of theirs again and again: it goes on while what came before is still being projected. */
export const revise = (client: Client) =>
  Effect.suspend(() => {
    const comment = client.learned.anyComment(client.chance, client.operation)
    if (comment === undefined) return sendIt(client, posting(client))
    const who = authors.find(({ id }) => id === comment.author) ?? moderator
    const at = Array.from({ length: client.chance.integer(4, 8) }, (_, n) => client.chance.fork(n))
    return Effect.forEach(at, (chance) => {
      const body = { text: someText(chance, client.operation) }
      const changed = command({ ...client, chance }, { who, method: "PATCH", path: pathTo(comment), body })
      return Effect.andThen(changed, Effect.sleep(chance.integer(0, 500)))
    }, { discard: true })
  })
