import { Effect } from "effect"
import { type Client, command } from "./Client.ts"
import { authors, pictures, popular } from "./People.ts"
import { someText } from "./texts.ts"

// Writes, and looks whether that is there as soon as it is said to be done: at the page that everybody looks at.
const speakAndLook = Effect.fnUntraced(function*(client: Client, list: string) {
  const { chance, line, operation } = client
  const who = popular(chance, authors)
  yield* Effect.sleep(chance.integer(0, 150))
  const said = yield* command(client, {
    who,
    method: "POST",
    path: list,
    headers: { "idempotency-key": `said-${chance.name.replaceAll(/[^a-z0-9]+/gi, "-")}` },
    body: { text: someText(chance, operation) }
  })
  const token = said?.headers["consistency-token"]
  if (token === undefined) return
  const look = line.send(chance, { who, method: "GET", path: list, headers: { "consistency-token": token } })
  yield* Effect.all(chance.happens(0.5) ? [look, look] : [look], { concurrency: "unbounded", discard: true })
})

// Looks at the same page meanwhile, and waits for nothing.
const listen = ({ chance, line }: Client, list: string) => {
  const look = line.send(chance, { who: popular(chance, authors), method: "GET", path: list })
  return Effect.forEach(
    Array.from({ length: chance.integer(4, 10) }),
    () => Effect.andThen(look, Effect.sleep(chance.integer(0, 60))),
    { discard: true }
  )
}

/** Some write to one picture at the same time, and each waits for what they wrote; somebody else only looks. */
export const converse = (client: Client) =>
  Effect.suspend(() => {
    const { chance } = client
    const list = `/pictures/${popular(chance, pictures)}/comments`
    const turns = Array.from({ length: chance.integer(1, 4) }, (_, n) => n)
    const speakers = Array.from({ length: chance.integer(2, 3) }, (_, n) => ({ ...client, chance: chance.fork(n) }))
    return Effect.all([
      listen({ ...client, chance: chance.fork("listener") }, list),
      ...speakers.map((speaker) =>
        Effect.forEach(turns, (turn) => speakAndLook({ ...speaker, chance: speaker.chance.fork(turn) }, list), {
          discard: true
        })
      )
    ], { concurrency: "unbounded", discard: true })
  })
