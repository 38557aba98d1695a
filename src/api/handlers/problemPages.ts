import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Layer from "effect/Layer"
import { createHash } from "node:crypto"
import { RouteNotFound } from "../Problems.ts"
import { problem } from "./respond.ts"

interface Explanation {
  readonly status: number
  readonly title: string
  readonly cause: string
  readonly remedy: string
}

/** What each problem means to whoever meets it, by the last part of its `type`. */
export const explanations: Readonly<Record<string, Explanation>> = {
  "malformed-request": {
    status: 400,
    title: "The request can't be read",
    cause:
      "The body isn't JSON in UTF-8, or a path, query parameter, cursor, token or header has not the form that the documentation gives.",
    remedy: "Correct what the problem's errors name. The same request will fail again."
  },
  unauthorized: {
    status: 401,
    title: "A valid bearer token is needed",
    cause:
      "There is no token, or it isn't valid: expired, not yet valid, for somebody else, or not signed by a key that is trusted here.",
    remedy: "Get a fresh token from the issuer and send it as Authorization: Bearer <token>."
  },
  "insufficient-scope": {
    status: 403,
    title: "The token doesn't allow this",
    cause: "The token is valid, but lacks a scope that this request needs.",
    remedy: "Ask the issuer for a token with the scope that the problem names."
  },
  "not-the-author": {
    status: 403,
    title: "The comment is somebody else's",
    cause: "Only its author edits a comment; only its author and moderators delete it or read its history.",
    remedy: "Act as the author, or with a moderator's token where that helps."
  },
  "route-not-found": {
    status: 404,
    title: "There is nothing at this address",
    cause: "No route has this path.",
    remedy: "The page /docs lists all routes."
  },
  "comment-not-found": {
    status: 404,
    title: "There never was such a comment",
    cause: "No comment was ever posted under this id. A query may also not know it yet if it was posted a moment ago.",
    remedy: "Check the id. To read what you have just posted, send the Consistency-Token of the answer along."
  },
  "command-not-found": {
    status: 404,
    title: "There is no such command",
    cause:
      "You sent no command of this id with Prefer: respond-async, or it was accepted more than 7 days ago. Those of others aren't told from those that there aren't.",
    remedy: "Follow the Location of the 202 with a token of the same subject."
  },
  "method-not-allowed": {
    status: 405,
    title: "This address doesn't know the method",
    cause: "The path exists, but not for this method.",
    remedy: "Use one of the methods in the Allow header."
  },
  "too-much-contention": {
    status: 409,
    title: "Too many changes at once",
    cause: "Others kept changing the comment while this request was being decided. Nothing was changed by it.",
    remedy: "Try again after the time in Retry-After."
  },
  "comment-deleted": {
    status: 410,
    title: "The comment has been deleted",
    cause: "It was there once. Deleting is for good.",
    remedy: "There is none; post another comment."
  },
  "version-mismatch": {
    status: 412,
    title: "The comment is at another version",
    cause:
      "The If-Match header asked for a version that the comment isn't at: somebody has changed it since you read it.",
    remedy: "Read the comment again, and decide whether your change still makes sense."
  },
  "content-too-large": {
    status: 413,
    title: "The request body is too large",
    cause: "A body may have at most 64 KiB.",
    remedy: "Send less."
  },
  "request-timeout": {
    status: 408,
    title: "The request took too long to arrive",
    cause: "The connection is too slow, or the request was never finished.",
    remedy: "Send the request again, all of it at once."
  },
  "request-header-fields-too-large": {
    status: 431,
    title: "The request's headers are too large",
    cause: "Address and headers may have 16 KiB together.",
    remedy: "Send a shorter address, fewer cookies, or fewer consistency tokens."
  },
  "unsupported-media-type": {
    status: 415,
    title: "The request body must be JSON",
    cause: "The Content-Type isn't application/json in UTF-8, or the body is compressed.",
    remedy: "Send Content-Type: application/json and no Content-Encoding."
  },
  "invalid-request": {
    status: 422,
    title: "The request breaks a rule",
    cause: "The body is JSON, but something in it is missing, unknown, of the wrong type or outside its limits.",
    remedy: "Correct everything that the problem's errors name: they are all there."
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The idempotency key has been used for another request",
    cause: "A key marks one request and its retries. This one came with another method, target or text before.",
    remedy: "Make a fresh key for every request that isn't a retry."
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    cause:
      "Each user, and each address that comes without a valid token, has a number of requests to spend, which grows back steadily. It is spent: RateLimit-Policy says how many there are in how many seconds. Nothing was looked at but the token.",
    remedy: "Try again after the time in Retry-After, and go by the RateLimit header, which says how many are left."
  },
  "internal-error": {
    status: 500,
    title: "Something went wrong on our side",
    cause: "An error that nobody foresaw. It has been logged.",
    remedy: "Try again; if it stays, tell whoever runs the service the X-Request-Id."
  },
  "service-unavailable": {
    status: 503,
    title: "Something this service needs is down",
    cause:
      "A database could not be reached, or didn't answer in time. Of histories: the caller waits for several already.",
    remedy: "Try again after the time in Retry-After. With an Idempotency-Key that is safe for commands too."
  },
  "read-model-behind": {
    status: 503,
    title: "The answer doesn't reflect the command yet",
    cause: "The request carried a Consistency-Token, and the read model didn't reach it in the time that it was given.",
    remedy: "Try again after the time in Retry-After, allow a longer wait with Prefer: wait=10, or leave the token out."
  },
  "projection-parked": {
    status: 503,
    title: "The comment can't be brought up to date",
    cause: "A change of the comment could not be shown and waits for an operator. All other comments go on.",
    remedy: "Leave the token out to read the last state that could be shown."
  }
}

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em}"

// https://www.w3.org/TR/CSP3/#match-element-to-source-list
const policy = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(style).digest("base64")
}'; frame-ancestors 'none'`

const page = (name: string, { cause, remedy, status, title }: Explanation): string =>
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
<h1>${title}</h1>
<p><code>${status}</code> <code>/problems/${name}</code>
<h2>Why</h2>
<p>${cause.replaceAll("<", "&lt;")}
<h2>What to do</h2>
<p>${remedy.replaceAll("<", "&lt;")}
</html>
`

/** The path of `problemPages`, for the table of routes. */
export const problemPagesPaths = [{ template: "/problems/:name", methods: ["GET"] }]

/** Serves the page that each problem's `type` points to. */
export const problemPages: Layer.Layer<never, never, HttpRouter.HttpRouter> = HttpRouter.use((router) =>
  router.add(
    "GET",
    "/problems/:name",
    Effect.flatMap(HttpRouter.params, ({ name = "" }) => {
      const explanation = Object.hasOwn(explanations, name) ? explanations[name] : undefined
      return explanation === undefined
        ? problem(new RouteNotFound({ detail: "No problem has this name." }))
        : Effect.succeed(HttpServerResponse.text(page(name, explanation), {
          contentType: "text/html; charset=utf-8",
          headers: { "content-security-policy": policy }
        }))
    })
  )
)
