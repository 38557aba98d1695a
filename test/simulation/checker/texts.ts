const encoder = new TextEncoder()
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })
// Control characters but newline and tab.
const forbidden = /[^\P{Cc}\n\t]/u

/** The form in which a text is stored, if the contract takes it; null if not. */
export const storedText = (typed: unknown): string | null => {
  if (typeof typed !== "string" || !typed.isWellFormed()) return null
  const text = typed.split("\r\n").join("\n").normalize("NFC").trim()
  if (text === "" || forbidden.test(text) || encoder.encode(text).length > 10_000) return null
  return text.length > 2200 && [...graphemes.segment(text)].length > 2200 ? null : text
}
