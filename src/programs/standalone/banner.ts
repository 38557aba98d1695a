import type { StandaloneSettings } from "../../platform/StandaloneSettings.ts"

const quoted = (text: string): string => `'${text}'`

// curl's own --json is newer than the curl of systems that are still supported.
const json = (body: object): string =>
  `-H ${quoted("Content-Type: application/json")} -d ${quoted(JSON.stringify(body))}`

/** What the program says once it serves: where it listens, where its data lies, how to get a token, and a line to try. */
export const banner = (settings: Pick<StandaloneSettings, "host" | "dataDirectory">, port: number): string => {
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host
  const url = `http://${host === "0.0.0.0" || host === "[::]" ? "127.0.0.1" : host}:${port}`
  const askForToken = `curl -s ${url}/dev/token ${json({ sub: "ana" })}`
  const token = `$(${askForToken} | cut -d${quoted("\"")} -f4)`
  const data = settings.dataDirectory === "memory" ? "in memory, and gone when it ends" : `in ${settings.dataDirectory}`
  return `
  Marginalia listens on ${url}
  Its data lies ${data}
  Documentation       ${url}/docs
  A token for ana     ${askForToken}
  A first comment     curl -s ${url}/pictures/sunset-42/comments -H "Authorization: Bearer ${token}" ${
    json({ text: "What a light!" })
  }
`
}
