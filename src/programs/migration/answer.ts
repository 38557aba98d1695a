import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as http from "node:http"
import * as https from "node:https"
import type { Address } from "./ResourceRequest.ts"

/** CloudFormation's answer can't be put where it waits for it. The message doesn't say where: that is an access of its own. */
export class AnswerLost extends Schema.TaggedError<AnswerLost>()("AnswerLost", { message: Schema.String }) {}

/** What became of a request: it was done, and the template is told something, or it wasn't, for a reason. */
export type Outcome =
  | { readonly Status: "SUCCESS"; readonly Data?: Readonly<Record<string, string>> }
  | { readonly Status: "FAILED"; readonly Reason: string }

/** There is one of it in a stack, whatever becomes of it: another id would have the first one deleted. */
const physicalId = "read-model"

/** The whole answer may have as many bytes. */
const mostBytes = 4096

const encode = (
  { LogicalResourceId, PhysicalResourceId = physicalId, RequestId, StackId }: Address,
  outcome: Outcome
): string => JSON.stringify({ ...outcome, PhysicalResourceId, StackId, RequestId, LogicalResourceId })

// What is a byte in the text may be six in JSON.
const bytesIn = (character: string): number => Buffer.byteLength(JSON.stringify(character)) - 2

/** The body of an answer: as much of the reason as there is room for, in whole characters. */
export const bodyOf = (address: Address, outcome: Outcome): string => {
  if (outcome.Status === "SUCCESS") return encode(address, outcome)
  let room = mostBytes - Buffer.byteLength(encode(address, { ...outcome, Reason: "" }))
  let Reason = ""
  for (const character of outcome.Reason) {
    room -= bytesIn(character)
    if (room < 0) break
    Reason += character
  }
  return encode(address, { ...outcome, Reason })
}

const put = (url: string, body: string): Effect.Effect<void, AnswerLost> =>
  Effect.callback((resume) => {
    const lost = (why: string) =>
      resume(Effect.fail(new AnswerLost({ message: `CloudFormation can't be answered: ${why}.` })))
    // An empty type, for it is part of what the address was signed for.
    const headers = { "Content-Type": "", "Content-Length": Buffer.byteLength(body) }
    const { request } = url.startsWith("https:") ? https : http
    const sent = request(url, { method: "PUT", headers, timeout: 5000 }, (response) => {
      const { statusCode = 0 } = response.resume()
      if (statusCode >= 200 && statusCode < 300) resume(Effect.void)
      else lost(`the status is ${statusCode}`)
    })
    sent.on("timeout", () => sent.destroy(new Error("it takes too long")))
    sent.on("error", ({ message }) => lost(message))
    sent.end(body)
    return Effect.sync(() => sent.destroy())
  })

const retries = Schedule.exponential("100 millis").pipe(Schedule.jittered)

/**
 * Tells CloudFormation what became of its request, tried 6 times: without an answer it waits for an hour.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
 */
export const answer = (address: Address, outcome: Outcome): Effect.Effect<void, AnswerLost> => {
  const body = bodyOf(address, outcome)
  return Effect.retry(put(address.ResponseURL, body), { schedule: retries, times: 5 })
}
