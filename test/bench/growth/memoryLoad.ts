import { Agent, request } from "node:http"
import { Chance } from "../../simulation/kernel/Chance.ts"
import { textAt } from "../load/model/textPool.ts"
import { Zipf } from "../load/model/Zipf.ts"
import { atOnce } from "../stores/repeatedly.ts"

/** The stack's entry, and who asks it. */
export interface MemoryLoad {
  readonly origin: string
  readonly token: string
  readonly workers: number
  readonly millis: number
}

const pictures = 1000

/** How many comments are remembered to be edited. */
const remembered = 500

interface Reply {
  readonly status: number
  readonly location: string
}

/**
 * Posts, edits and reads for a time: 10 reads to 2 posts and an edit, over pictures by Zipf's law. Answers with how many
 * requests were answered, and how many with 5xx or not at all.
 */
export const keepBusy = async ({ millis, origin, token, workers }: MemoryLoad) => {
  const agent = new Agent({ keepAlive: true, maxSockets: workers })
  const chance = new Chance("memory")
  const popularity = new Zipf(pictures, 0.99)
  const posted: Array<string> = []
  const counts = { answered: 0, failed: 0 }
  let number = 0

  const send = (method: string, path: string, text?: string): Promise<Reply> =>
    new Promise((resolve) => {
      const body = text === undefined ? "" : JSON.stringify({ text })
      const headers = text === undefined ? {} : {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body)
      }
      const outgoing = request(`${origin}${path}`, { agent, method, headers }, (answer) => {
        answer.resume().once("end", () =>
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? "" }))
      })
      outgoing.once("error", () =>
        resolve({ status: 0, location: "" }))
      outgoing.end(body)
    })

  const step = (): Promise<Reply> => {
    const picture = `/pictures/picture-${popularity.draw(chance)}/comments`
    const kind = chance.next() * 13
    if (kind < 10) return send("GET", picture)
    const edited = posted[Math.floor(chance.next() * posted.length)]
    if (kind < 12 || edited === undefined) return send("POST", picture, textAt(number++, 1))
    return send("PATCH", edited, textAt(number++, 1))
  }

  const begun = performance.now()
  await atOnce(workers, async () => {
    const { location, status } = await step()
    if (status === 201 && location !== "") posted[number % remembered] = location
    if (status === 0 || status >= 500) counts.failed++
    else counts.answered++
    return performance.now() - begun < millis
  })
  agent.destroy()
  return { ...counts, seconds: (performance.now() - begun) / 1000 }
}
