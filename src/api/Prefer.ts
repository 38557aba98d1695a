/** How long a query waits for what its consistency tokens ask for, in seconds, unless `Prefer: wait` says otherwise. */
export const defaultWaitSeconds = 2

/** The longest wait that may be preferred, in seconds. */
export const maxWaitSeconds = 10

// RFC 7240, section 2: preferences separated by commas, each a token, perhaps with a value, perhaps with parameters. What is
// quoted may hold commas; a quote that doesn't end takes all the rest with it.
const separated = /(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|$))+/gs
const preference = /^([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)")\s*|\s*)(?:;.*)?$/s

/** The value of a preference, "" where it has none; undefined where it isn't there. Of several of a name the first counts. */
const preferred = (prefer: string, name: string): string | undefined => {
  for (const [text] of prefer.matchAll(separated)) {
    const [, token, plain, quoted] = preference.exec(text.trim()) ?? []
    if (token?.toLowerCase() === name) return plain ?? quoted ?? ""
  }
  return undefined
}

/**
 * The `wait` preference of RFC 7240, section 4.3, in seconds. A preference is a wish: a malformed one is ignored, as that
 * RFC wants it, and one over the limit is cut to it.
 */
export const preferredWaitSeconds = (prefer: string | undefined): number => {
  const seconds = prefer === undefined ? undefined : preferred(prefer, "wait")
  return seconds === undefined || !/^\d+$/.test(seconds)
    ? defaultWaitSeconds
    : Math.min(Number(seconds), maxWaitSeconds)
}

/** The preference that a command be answered before it is decided. */
export const respondAsync = "respond-async"

/** Whether `respond-async` is preferred (RFC 7240, section 4.1). It has no value, and an empty one is none. */
export const prefersAsync = (prefer: string | undefined): boolean =>
  prefer !== undefined && preferred(prefer, respondAsync) === ""
