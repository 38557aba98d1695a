import type { WorkRow } from "./WorkRow.ts"

// As in `rows.ts`: each is loaded only where it is needed.
const files: Readonly<Record<string, () => Promise<{ readonly row: WorkRow }>>> = {
  projection: () => import("./projection.ts"),
  load: () => import("./load.ts")
}

/** The names of all rows of work, in the order of the table. */
export const workRowNames: ReadonlyArray<string> = Object.keys(files)

/** Loads a row of work by its name. Rejects if there is none of that name. */
export const findWorkRow = async (name: string): Promise<WorkRow> => {
  const file = Object.hasOwn(files, name) ? files[name] : undefined
  if (file === undefined) throw new Error(`There is no row ${name}.`)
  return (await file()).row
}
