/** Whether two JSON values say the same; the order of an object's properties doesn't matter. */
export const equal = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [entries, others] = [Object.entries(one), new Map(Object.entries(other))]
  return entries.length === others.size &&
    entries.every(([name, value]) => others.has(name) && equal(value, others.get(name)))
}
