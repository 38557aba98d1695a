import type { Schema } from "effect"
import type { AimedRequest } from "../Row.ts"
import { findRow } from "../rows.ts"

/** The requests of a row, of whichever section, by their numbers. Rejects if there is no row of that name. */
export const findRequests = async (
  name: string,
  material: Schema.Json
): Promise<(number: number) => AimedRequest> => {
  const { isCrudRow } = await import("../crud/crudRowNames.ts")
  if (isCrudRow(name)) return (await import("../crud/crudRows.ts")).requestsOf(name, material)
  const row = await findRow(name)
  const requests = row.requests(material)
  return (number) => ({ request: requests(number), to: 0, status: row.expectedStatus })
}
