import { Duration, Effect, Option } from "effect"
import type { Exchange, ReceivedAnswer, SentRequest } from "../history/History.ts"
import type { Chance } from "../kernel/Chance.ts"
import type { World } from "../kernel/World.ts"
import { authorizationOf } from "../site/simulatedTokens.ts"
import type { Site } from "../site/Site.ts"
import type { Person } from "./People.ts"

/** What somebody asks for. */
export interface Request {
  readonly who: Person
  readonly method: SentRequest["method"]
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Sends requests to the site, and keeps what was sent and what came back. */
export class Line {
  readonly exchanges: Array<Exchange> = []
  readonly #world: World
  readonly #site: Site
  #sent = 0

  constructor(world: World, site: Site) {
    this.#world = world
    this.#site = site
  }

  /** The answer; null where none came in time, or the line broke. */
  readonly send = (chance: Chance, request: Request): Effect.Effect<ReceivedAnswer | null> =>
    Effect.suspend(() => {
      const { journal } = this.#world
      const number = ++this.#sent
      const { body, method, path, who } = request
      const headers = {
        ...request.headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        "x-request-id": `request-${number}`
      }
      const sent = journal.moment()
      journal.tell(
        who.id,
        () => `sends ${number}: ${method} ${path} ${JSON.stringify(headers)} ${JSON.stringify(body)}`
      )
      const authorization = authorizationOf(who.id, who.scopes)
      return Effect.map(
        this.#exchange(chance, { method, path, headers: { ...headers, authorization }, body }),
        (answer) => {
          journal.tell(who.id, () => `gets ${number}: ${answer === null ? "nothing" : JSON.stringify(answer)}`)
          this.exchanges.push({
            number,
            client: who.id,
            scopes: who.scopes,
            request: { method, path, headers, body },
            sent,
            answer,
            ended: journal.moment()
          })
          return answer
        }
      )
    })

  #exchange(chance: Chance, request: SentRequest): Effect.Effect<ReceivedAnswer | null> {
    const there = chance.integer(0, 8)
    const back = chance.integer(0, 8)
    const patience = Duration.millis(chance.integer(2_000, 12_000))
    const service = this.#site.serviceFor(request, chance)
    return Effect.gen({ self: this }, function*() {
      yield* Effect.sleep(there)
      const answer = yield* service.answer(request)
      yield* Effect.sleep(back)
      return this.#world.faults.strikes("broken line") ? null : answer
    }).pipe(Effect.timeoutOption(patience), Effect.map(Option.getOrNull))
  }
}
