// The forms of what goes over the wire, as patterns that every dialect of regular expressions reads the same way: JSON
// Schema asks for ECMA-262's, but who validates or generates by the document uses the engine of their own language.

const uuid = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

/** A path that leads to a comment. */
export const commentPath = `^/comments/${uuid}$`

/** A path that leads to a command. */
export const commandPath = `^/commands/${uuid}$`

// 29 bytes in base64url: the first is the format's number, and the last two bits say nothing.
const token = "A[Q-Za-f][A-Za-z0-9_-]{36}[AEIMQUYcgkosw048]"

/** A consistency token. Whatever has this form is one. */
export const consistencyToken = `^${token}$`

/** 1 to 16 consistency tokens. */
export const consistencyTokens = `^[ \\t]*${token}(?:[ \\t]*,[ \\t]*${token}){0,15}[ \\t]*$`

/** A cursor: 33 bytes in base64url. Which of them belong to a list, and to an order, no pattern can say. */
export const cursor = "^A[Q-Za-f][A-Za-z0-9_-]{42}$"

const entityTag = "(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""

/** `*` or a list of entity tags, whose elements may be empty (RFC 9110, sections 5.6.1.2, 8.8.3 and 13.1). */
export const entityTags =
  `^(?:[ \\t]*\\*[ \\t]*|[ \\t,]*(?:${entityTag}[ \\t]*(?:,[ \\t,]*${entityTag}[ \\t]*)*(?:,[ \\t,]*)?)?)$`

/** An author's id: no control characters. */
export const author = "^[^\\x00-\\x1f\\x7f-\\x9f]{1,255}$"

// White space as ECMA-262 trims it from both ends, and control characters but newline and tab.
const spaces = "\\t\\n\\x0b\\x0c\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
const control = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"
const visible = `[^${spaces}${control}]`

/** A text: something but white space; and between its ends no control characters but newline, also as CRLF, and tab. */
export const text = `^[${spaces}]*${visible}(?:(?:\\r\\n|[^${control}])*${visible})?[${spaces}]*$`
