import * as Effect from "effect/Effect"
import { X509Certificate } from "node:crypto"
import { readFile } from "node:fs/promises"
import { SettingRefused } from "./settings.ts"

/**
 * The certificates of authorities in a file that a variable names. Read before anything is connected: TLS itself would
 * take an unreadable one for no authority at all, and say no more than that it trusts nobody.
 */
export const readAuthorities = (variable: string, file: string): Effect.Effect<string, SettingRefused> =>
  Effect.tryPromise({
    try: async () => {
      const text = await readFile(file, "utf8")
      // Throws unless the file begins with a certificate.
      void new X509Certificate(text)
      return text
    },
    catch: (error) =>
      new SettingRefused({
        variable,
        message: `${variable} must name a file with certificates in PEM that can be read: ${
          error instanceof Error ? error.message : error
        }.`
      })
  })
