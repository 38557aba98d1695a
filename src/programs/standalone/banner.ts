import type { StandaloneSettings } from "../../platform/StandaloneSettings.ts"

const quoted = (text: string): string => `'${text}'`

/** What the program says once it serves: where it listens, where its data lies, how to get a token, and a line to try. */
export const banner = (settings: StandaloneSettings, port: number): string => {
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host
  const url = `http://${host === "0.0.0.0" || host === "[::]" ? "127.0.0.1" : host}:${port}`
  const token = `$(curl -s ${url}/dev/token --json ${quoted("{\"sub\":\"ana\"}")} | cut -d${quoted("\"")} -f4)`
  const data = settings.dataDirectory === "memory" ? "in memory, and gone when it ends" : settings.dataDirectory
  return `
  Marginalia listens on ${url}
  Its data lies ${settings.dataDirectory === "memory" ? data : `in ${data}`}
  Documentation       ${url}/docs
  A token for ana     curl -s ${url}/dev/token --json ${quoted("{\"sub\":\"ana\"}")}
  A first comment     curl -s ${url}/pictures/sunset-42/comments -H "Authorization: Bearer ${token}" --json ${
    quoted("{\"text\":\"What a light!\"}")
  }
`
}
