/**
 * Gives each of some things one of its candidates, and no candidate to two things, so that as many things as possible get
 * one (augmenting paths). Undefined for what gets none.
 */
export const matched = (candidates: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string | undefined> => {
  const holder = new Map<string, number>()
  const taken: Array<string | undefined> = candidates.map(() => undefined)

  const place = (thing: number, tried: Set<string>): boolean => {
    for (const candidate of candidates[thing] ?? []) {
      if (tried.has(candidate)) continue
      tried.add(candidate)
      const other = holder.get(candidate)
      if (other !== undefined && !place(other, tried)) continue
      holder.set(candidate, thing)
      taken[thing] = candidate
      return true
    }
    return false
  }

  // Whoever has no choice comes first: then nobody has to give way later.
  const order = candidates.map((_, thing) => thing).toSorted((one, other) =>
    (candidates[one]?.length ?? 0) - (candidates[other]?.length ?? 0)
  )
  for (const thing of order) place(thing, new Set())
  return taken
}
