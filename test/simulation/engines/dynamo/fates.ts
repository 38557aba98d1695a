import type { Chance } from "../../kernel/Chance.ts"
import type { World } from "../../kernel/World.ts"

/** What becomes of a request, in milliseconds after it was sent. */
export interface Fate {
  /** When it takes effect; null for never. */
  readonly lands: number | null
  /** When its sender hears, and of what: its outcome, or that there is none. */
  readonly answers: number
  readonly answer: "outcome" | "throttled" | "connection reset" | "timed out"
}

/** How long a client waits for an answer. */
export const clientPatience = 2000

/** Nothing takes any time. */
export const atOnce: Fate = { lands: 0, answers: 0, answer: "outcome" }

const unheard = (chance: Chance, lands: number | null, earliest: number): Fate =>
  chance.happens(0.5)
    ? { lands, answers: earliest + chance.integer(0, 20), answer: "connection reset" }
    : { lands, answers: clientPatience, answer: "timed out" }

const usual = (chance: Chance) => chance.happens(0.9) ? chance.integer(0, 5) : chance.integer(5, 20)

/** Draws what becomes of a request. */
export const fateOf = ({ faults }: World, chance: Chance): Fate => {
  const out = usual(chance)
  const back = usual(chance)
  // All are asked in any case, so that what strikes one request doesn't change what strikes the next.
  const isThrottled = faults.strikes("throttled")
  const isLost = faults.strikes("lost request", !isThrottled)
  const isLate = faults.strikes("late landing", !isThrottled && !isLost)
  const isServed = !isThrottled && !isLost && !isLate
  const isUnanswered = faults.strikes("lost answer", isServed)
  const isSlow = faults.strikes("slow request", isServed)
  if (isThrottled) return { lands: null, answers: out + back, answer: "throttled" }
  if (isLost) return unheard(chance, null, out)
  if (isLate) {
    const heard = unheard(chance, null, out)
    return { ...heard, lands: heard.answers + chance.integer(1, 6000) }
  }
  const lands = isSlow ? chance.integer(50, 1900) : out
  if (isUnanswered) return unheard(chance, lands, lands)
  return lands + back < clientPatience
    ? { lands, answers: lands + back, answer: "outcome" }
    : { lands, answers: clientPatience, answer: "timed out" }
}
