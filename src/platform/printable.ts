// What ends a line for some reader (Cc, Zl, Zp), moves a terminal's cursor or sets its colours (Cc: ESC, and U+009B, which is
// ESC and "[" in one), or has what follows shown in another order than it stands there.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/**
 * A text as one line that shows all there is: control characters, whatever else may be taken for a line's end, and what
 * changes the order of characters are written as JSON writes them. JSON stays JSON, and of the same value.
 */
export const oneLine = (text: string): string => text.replace(unprintable, escaped)

/** The same for a text of several lines: line feeds and tabs stay. */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => character === "\n" || character === "\t" ? character : escaped(character))
