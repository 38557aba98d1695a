import type { Row } from "./Row.ts"

// A new row is a file in `rows/` that exports `row`, and a line here. Each is loaded only where it is needed: a twin's
// process holds nothing but its own row.
const files: Readonly<Record<string, () => Promise<{ readonly row: Row }>>> = {
  "hot-page": () => import("./rows/hotPage.ts"),
  "cold-page": () => import("./rows/coldPage.ts"),
  post: () => import("./rows/post.ts"),
  edit: () => import("./rows/edit.ts"),
  "stack-hot-page": () => import("./rows/stackHotPage.ts"),
  "stack-post": () => import("./rows/stackPost.ts"),
  "stack-edit": () => import("./rows/stackEdit.ts")
}

/** The names of all rows, in the order of the table. */
export const rowNames: ReadonlyArray<string> = Object.keys(files)

/** Loads a row by its name. Rejects if there is none of that name. */
export const findRow = async (name: string): Promise<Row> => {
  const file = Object.hasOwn(files, name) ? files[name] : undefined
  if (file === undefined) throw new Error(`There is no row ${name}. There are: ${rowNames.join(", ")}.`)
  return (await file()).row
}
