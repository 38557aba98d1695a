import { assert, it } from "@effect/vitest"
import { paths } from "../../src/programs/standalone/http.ts"
import { contractRows, localRows, operationsOf, standaloneRows } from "./permissionTable.ts"

it("The table of permissions has a row for every operation that is served, and for no other", () => {
  const rows = [...contractRows, ...localRows, ...standaloneRows].map(({ operation }) => operation)
  assert.deepStrictEqual<ReadonlyArray<string>>(rows.toSorted(), operationsOf(paths))
})
