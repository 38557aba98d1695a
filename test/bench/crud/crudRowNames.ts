/** The rows beside the traditional service, in the order of the table. */
export const crudRowNames = [
  "crud-hot-page",
  "crud-cold-page",
  "crud-post",
  "crud-edit",
  "crud-mix-80",
  "crud-mix-99"
] as const
export type CrudRowName = typeof crudRowNames[number]

export const isCrudRow = (name: string): name is CrudRowName => crudRowNames.some((row) => row === name)
