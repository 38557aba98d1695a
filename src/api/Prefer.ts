/** How long a query waits for what its consistency tokens ask for, in seconds, unless `Prefer: wait` says otherwise. */
export const defaultWaitSeconds = 2

/** The longest wait that may be preferred, in seconds. */
export const maxWaitSeconds = 10

const wait = /(?:^|,)\s*wait\s*=\s*("?)(\d+)\1\s*(?=$|[,;])/i

/**
 * The `wait` preference of RFC 7240, section 4.3, in seconds. A preference is a wish: a malformed one is ignored, as that
 * RFC wants it, and one over the limit is cut to it.
 */
export const preferredWaitSeconds = (prefer: string | undefined): number => {
  const seconds = prefer === undefined ? undefined : wait.exec(prefer)?.[2]
  return seconds === undefined ? defaultWaitSeconds : Math.min(Number(seconds), maxWaitSeconds)
}
