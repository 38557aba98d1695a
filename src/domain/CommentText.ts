import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** The longest text, in graphemes (what a reader calls characters). */
export const maxGraphemes = 2200

/** The longest text, in bytes of UTF-8. */
export const maxBytes = 10_000

/** What can be wrong with a text. Each fault is reported once, all of them together. */
export const TextFault = Schema.TaggedUnion({
  Empty: {},
  TooManyGraphemes: {},
  TooManyBytes: { bytes: Schema.Int },
  ControlCharacter: { codePoint: Schema.Int },
  LoneSurrogate: {}
})
export type TextFault = typeof TextFault.Type

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })
const encoder = new TextEncoder()
const forbiddenControl = /(?![\n\t])\p{Cc}/u

// A grapheme is at least one UTF-16 unit, so only a string of more units than the limit needs segmenting,
// and no segment past the limit is ever looked at.
const exceedsGraphemes = (text: string): boolean => {
  if (text.length <= maxGraphemes) return false
  let count = 0
  for (const _ of graphemes.segment(text)) {
    count++
    if (count > maxGraphemes) return true
  }
  return false
}

const faultsOf = (text: string): ReadonlyArray<TextFault> => {
  const faults: Array<TextFault> = []
  if (text.length === 0) faults.push({ _tag: "Empty" })
  if (exceedsGraphemes(text)) faults.push({ _tag: "TooManyGraphemes" })
  const bytes = encoder.encode(text).length
  if (bytes > maxBytes) faults.push({ _tag: "TooManyBytes", bytes })
  const control = forbiddenControl.exec(text)?.[0].codePointAt(0)
  if (control !== undefined) faults.push({ _tag: "ControlCharacter", codePoint: control })
  if (!text.isWellFormed()) faults.push({ _tag: "LoneSurrogate" })
  return faults
}

// Putting a run of combining marks in order takes the platform quadratic time: the better part of a second for 64 KiB of
// them. No character is composed of more marks than it has bytes, so a text with more marks than it may have bytes is too
// long in any form, and is judged as it was typed.
const isBeyondComposing = (text: string): boolean => (text.match(/\p{M}/gu)?.length ?? 0) > maxBytes

const composed = (text: string): string => isBeyondComposing(text) ? text : text.normalize("NFC")

const normalised = (raw: string): string => composed(raw.replaceAll("\r\n", "\n")).trim()

/** A comment's text in its one stored form: LF line ends, NFC, trimmed, within its limits. Plain text, never interpreted. */
export const CommentText = Schema.String.check(
  Schema.makeFilter((text: string) => normalised(text) === text && faultsOf(text).length === 0, {
    expected: "a normalised comment text"
  })
).pipe(Schema.brand("CommentText"))
export type CommentText = typeof CommentText.Type

/**
 * Turns what somebody typed into a comment's text: CRLF becomes LF, then NFC, then white space goes from both ends;
 * what remains has 1 to 2,200 graphemes, at most 10,000 bytes of UTF-8, no control characters (category Cc) but newline
 * and tab, and no lone surrogates. Fails with every fault at once.
 */
export const parseText = (raw: string): Result.Result<CommentText, ReadonlyArray<TextFault>> => {
  const text = normalised(raw)
  const faults = faultsOf(text)
  return faults.length === 0 ? Result.succeed(CommentText.make(text, { disableChecks: true })) : Result.fail(faults)
}

/** A sentence for the person who typed the text. */
export const describeFault: (fault: TextFault) => string = TextFault.match({
  Empty: () => "must not be empty or only white space",
  TooManyGraphemes: () => `must have at most ${maxGraphemes} characters`,
  TooManyBytes: ({ bytes }) => `must have at most ${maxBytes} bytes of UTF-8, but has ${bytes}`,
  ControlCharacter: ({ codePoint }) =>
    `must not contain control characters but newline and tab, found U+${
      codePoint.toString(16).toUpperCase().padStart(4, "0")
    }`,
  LoneSurrogate: () => "must not contain lone surrogates"
})
