import * as Effect from "effect/Effect"
import { stderr } from "node:process"

const width = 30

const bar = (done: number, total: number): string => {
  const full = total === 0 ? width : Math.floor((done / total) * width)
  return `[${"█".repeat(full)}${"░".repeat(width - full)}] ${done}/${total}`
}

/** Shows how far a long work has come: a bar that is drawn over on a terminal, a line every tenth elsewhere. Goes to standard error. */
export const makeProgress = (
  total: number
): { readonly advance: Effect.Effect<void>; readonly end: Effect.Effect<void> } => {
  let done = 0
  const tenth = Math.max(1, Math.ceil(total / 10))
  const show = () => {
    if (stderr.isTTY) stderr.write(`\r${bar(done, total)}`)
    else if (done % tenth === 0 || done === total) stderr.write(`${bar(done, total)}\n`)
  }
  return {
    advance: Effect.sync(() => {
      done++
      show()
    }),
    end: Effect.sync(() => {
      if (stderr.isTTY) stderr.write("\n")
    })
  }
}
