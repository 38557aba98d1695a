import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type { JWTVerifyGetKey } from "jose"
import * as jose from "jose"
import { discoverKeysUrl } from "./issuerDiscovery.ts"
import { usableKeys } from "./usableKeys.ts"

// How long an issuer may take to say where its keys are and to give them.
const keysTimeout = Duration.seconds(3)

// How long keys are believed before they are asked for again: what an issuer has withdrawn ends then.
const keysMaxAge = Duration.minutes(10)

// How often an issuer is asked at most, while there are keys: a token with a key that isn't known changes nothing of that.
const keysCooldown = Duration.seconds(30)

// How long keys serve while their issuer can't be asked.
const keysStaleFor = Duration.hours(24)

// How long it stands that the keys can't be had: whoever comes without a good token mustn't make us ask each time.
const failureKept = Duration.seconds(1)

// How often it is logged at most that the keys can't be had.
const warningInterval = Duration.seconds(30)

/** The issuer's keys can't be had. It is nothing that a token can be blamed for. */
export class IssuerKeysUnavailable extends Schema.TaggedError<IssuerKeysUnavailable>()("IssuerKeysUnavailable", {
  message: Schema.String,
  cause: Schema.Defect()
}) {}

/** Where an issuer's keys are: at a known address, or where the issuer says. */
export interface KeysSource {
  readonly issuer: string
  readonly jwksUrl: string | undefined
}

const KeySet = Schema.Struct({ keys: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)) })
const decodeKeySet = HttpClientResponse.schemaBodyJson(KeySet)

const fetchKeys = Effect.fnUntraced(
  function*(client: HttpClient.HttpClient, { issuer, jwksUrl }: KeysSource) {
    const url = jwksUrl ?? (yield* discoverKeysUrl(client, issuer))
    const { keys: published } = yield* client.get(url).pipe(Effect.flatMap(decodeKeySet))
    const keys = yield* usableKeys(published)
    return yield* Effect.try({
      try: () => jose.createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) }),
      catch: (cause) => new IssuerKeysUnavailable({ message: "The issuer's keys can't be read", cause })
    })
  },
  Effect.timeout(keysTimeout),
  // What an issuer says it says itself: a redirection is no answer.
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "error" }),
  Effect.mapError((cause) => new IssuerKeysUnavailable({ message: "The issuer's keys can't be had", cause }))
)

interface Held {
  readonly find: ReturnType<typeof jose.createLocalJWKSet>
  /** When they were fetched, in milliseconds since the epoch. */
  readonly since: number
}

/**
 * An issuer's public keys (RFC 7517), asked for when the first token comes, whenever one names a key that isn't known, and
 * when they have become old.
 *
 * Whoever comes while they are asked for waits for the same answer; that they can't be had is the answer for a second more.
 * Where there are keys they go on serving meanwhile, and the issuer is asked again after 30 seconds. A failure is logged at
 * once, and then once in 30 seconds at most. It rejects with `IssuerKeysUnavailable`, which isn't one of `jose`'s own errors,
 * so that `TokenVerifier` takes it for what it is.
 */
export const remoteKeys = Effect.fnUntraced(function*(source: KeysSource) {
  const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const one = yield* Semaphore.make(1)
  const run = Effect.runPromiseWith(yield* Effect.context<never>())
  let held: Held | undefined
  let attempts = 0
  let lastAttempt = 0
  let outcome: Result.Result<Held, IssuerKeysUnavailable> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let warnedAt = Number.NEGATIVE_INFINITY

  // A clock that was set back ends all of it, for nobody knows when it will have caught up.
  const within = (time: Duration.Duration, since: number) =>
    Effect.map(Clock.currentTimeMillis, (now) => since <= now && now - since < Duration.toMillis(time))

  const noteFailure = Effect.fnUntraced(function*(failure: IssuerKeysUnavailable) {
    failedAt = yield* Clock.currentTimeMillis
    if (yield* within(warningInterval, warnedAt)) return
    warnedAt = failedAt
    yield* Effect.logWarning("the issuer's keys can't be had", failure)
  })

  const attempt = Effect.gen(function*() {
    const since = yield* Clock.currentTimeMillis
    lastAttempt = since
    outcome = yield* fetchKeys(client, source).pipe(Effect.map((find) => ({ find, since })), Effect.result)
    if (Result.isSuccess(outcome)) held = outcome.success
    else yield* noteFailure(outcome.failure)
    attempts++
    return outcome
  })

  // Whoever waited for somebody else's attempt has its outcome, and so has whoever comes right after one that failed.
  const refresh = Effect.suspend(() => {
    const seen = attempts
    const attemptOrShare = Effect.gen(function*() {
      const isShared = attempts !== seen || (yield* within(failureKept, failedAt))
      return isShared && outcome !== undefined ? outcome : yield* attempt
    })
    return Effect.flatMap(one.withPermits(1)(attemptOrShare), Effect.fromResult)
  })

  const current = Effect.gen(function*() {
    if (held === undefined) return yield* refresh
    if (yield* within(keysMaxAge, held.since)) return held
    const stale = held
    if (!(yield* within(keysStaleFor, stale.since))) return yield* refresh
    if (yield* within(keysCooldown, lastAttempt)) return stale
    return yield* Effect.orElseSucceed(refresh, () => stale)
  })

  // Whether the issuer has a key that isn't among these is known only where it could be asked.
  const newerThan = Effect.fnUntraced(function*(keys: Held) {
    if (!(yield* within(keysCooldown, lastAttempt))) return yield* refresh
    return outcome === undefined ? keys : yield* Effect.fromResult(outcome)
  })

  const getKey: JWTVerifyGetKey = async (header, token) => {
    const keys = await run(current)
    return keys.find(header, token).catch(async (error: unknown) => {
      if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error
      return (await run(newerThan(keys))).find(header, token)
    })
  }
  return getKey
})
