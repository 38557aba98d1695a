import type { NumberedOperation } from "./Operation.ts"

/**
 * The operations of each picture, in the order of the file. Pictures don't depend on each other, so their lanes may be
 * sent side by side; within a lane every operation waits for the one before it.
 */
export const lanes = (
  operations: ReadonlyArray<NumberedOperation>
): ReadonlyArray<ReadonlyArray<NumberedOperation>> => {
  const pictureOf = new Map<string, string>()
  const byPicture = new Map<string, Array<NumberedOperation>>()
  for (const numbered of operations) {
    const { operation } = numbered
    if (operation.op === "post") pictureOf.set(operation.ref, operation.picture)
    const picture = pictureOf.get(operation.ref) ?? ""
    const lane = byPicture.get(picture)
    if (lane === undefined) byPicture.set(picture, [numbered])
    else lane.push(numbered)
  }
  return Array.from(byPicture.values())
}
