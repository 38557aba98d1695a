import { Effect } from "effect"
import type { ReceivedAnswer } from "../history/History.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { Learned } from "./Learned.ts"
import type { Line, Request } from "./Line.ts"

/** Whoever performs one operation. */
export interface Client {
  /** The operation's number. */
  readonly operation: number
  readonly chance: Chance
  readonly line: Line
  readonly learned: Learned
}

const mostTries = 5

const isWorthRepeating = (answer: ReceivedAnswer | null): boolean =>
  answer === null || answer.status === 503 || answer.status === 409

const pauseBefore = (chance: Chance, answer: ReceivedAnswer | null): number => {
  const asked = Number(answer?.headers["retry-after"] ?? 0) * 1000
  return Math.min(asked, 5_000) + (chance.happens(0.15) ? chance.integer(5_000, 20_000) : chance.integer(50, 1_500))
}

/** Sends a command, again and again while nobody knows what came of it, if sending it again can't do it twice. */
export const command = Effect.fnUntraced(function*(client: Client, request: Request) {
  const { chance, learned, line, operation } = client
  const repeatable = request.method !== "POST" || request.headers?.["idempotency-key"] !== undefined
  for (let tries = 1;; tries++) {
    const answer = yield* line.send(chance, request)
    if (answer !== null) learned.command(operation, answer)
    if (answer?.status === 202) yield* followUp(client, request, answer)
    if (!isWorthRepeating(answer) || !repeatable || tries >= mostTries) return answer
    yield* Effect.sleep(pauseBefore(chance, answer))
  }
})

// Asks at once, and then until there is an outcome or patience ends.
const followUp = Effect.fnUntraced(
  function*({ chance, learned, line, operation }: Client, request: Request, accepted: ReceivedAnswer) {
    const path = accepted.headers["location"]
    if (path === undefined) return
    learned.putOff.push({ path, who: request.who })
    for (let tries = 0; tries < 4; tries++) {
      const answer = yield* line.send(chance, { who: request.who, method: "GET", path })
      if (answer !== null) learned.command(operation, answer)
      if (answer !== null && answer.status === 200 && answer.headers["retry-after"] === undefined) return
      yield* Effect.sleep(chance.integer(300, 2_500))
    }
  }
)
