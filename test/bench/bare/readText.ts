import type { IncomingMessage } from "node:http"

/** `text` of a request's JSON body, which is parsed and not looked at any further. */
export const readText = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.once("error", reject)
    request.once("end", () => {
      const { text }: { readonly text: string } = JSON.parse(Buffer.concat(chunks).toString())
      resolve(text)
    })
  })
