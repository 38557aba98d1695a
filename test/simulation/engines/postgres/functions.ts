import type { Run } from "./Run.ts"
import type { Value } from "./values.ts"

type Function = (args: ReadonlyArray<Value>, run: Run) => Value

const tryLock: Function = ([name], { database: { advisory }, session }) => {
  const key = String(name)
  const owner = advisory.get(key) ?? session
  if (owner !== session) return false
  advisory.set(key, session)
  return true
}

const unlock: Function = ([name], { database: { advisory }, session }) => {
  const key = String(name)
  return advisory.get(key) === session && advisory.delete(key)
}

/** The functions that are known. */
export const functions: ReadonlyMap<string, Function> = new Map<string, Function>([
  ["coalesce", (args) => args.find((arg) => arg !== null) ?? null],
  ["now", (_, { now }) => now],
  ["starts_with", ([text, start]) => text === null || start === null ? null : String(text).startsWith(String(start))],
  ["epoch", ([at]) => at instanceof Date ? at.getTime() / 1000 : null],
  // What matters of a hash here is that other names have others.
  ["hashtextextended", ([text]) => text ?? null],
  ["pg_try_advisory_lock", tryLock],
  ["pg_advisory_unlock", unlock]
])
