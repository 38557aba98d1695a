/** Does a step again and again, each after the one before, as long as it says that there is more. */
export const repeatedly = (step: () => Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (): void => {
      step().then((isMore) => isMore ? next() : resolve(), reject)
    }
    next()
  })

/**
 * The same with several such sequences at once, each told its number. If one fails, the others stop after the step that they
 * are at, and only then does the whole fail: nothing goes on into what comes next.
 */
export const atOnce = async (count: number, step: (worker: number) => Promise<boolean>): Promise<void> => {
  let hasFailed = false
  const ended = await Promise.allSettled(
    Array.from(
      { length: count },
      (_, worker) =>
        repeatedly(() => hasFailed ? Promise.resolve(false) : step(worker)).catch((error: unknown) => {
          hasFailed = true
          throw error
        })
    )
  )
  for (const each of ended) if (each.status === "rejected") throw each.reason
}

/** Does something with each of some values, one after the other. */
export const inTurn = async <A, B>(
  values: ReadonlyArray<A>,
  step: (value: A) => Promise<B>
): Promise<ReadonlyArray<B>> => {
  const results: Array<B> = []
  const rest = values.values()
  await repeatedly(async () => {
    const { done, value } = rest.next()
    if (done === true) return false
    results.push(await step(value))
    return true
  })
  return results
}
