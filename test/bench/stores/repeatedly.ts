/** Does a step again and again, each after the one before, as long as it says that there is more. */
export const repeatedly = (step: () => Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (): void => {
      step().then((isMore) => isMore ? next() : resolve(), reject)
    }
    next()
  })

/** The same with several such sequences at once, each told its number. */
export const atOnce = async (count: number, step: (worker: number) => Promise<boolean>): Promise<void> => {
  await Promise.all(Array.from({ length: count }, (_, worker) => repeatedly(() => step(worker))))
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
