import * as Option from "effect/Option"
import type { SqlError } from "effect/sql/SqlError"
import { sqlState } from "./sqlState.ts"

// The server says with these that it ended or refused the statement, so its transaction is rolled back: 25006 read only
// (a replica), 28 and 3D no way in, 40 rolled back, 53 out of resources, 55 object in use, 57014 cancelled, 57P03
// starting. Source: PostgreSQL's documentation, appendix A.
const refused = /^(?:25006|28|3D|40|53|55|57014|57P03)/

// After these nobody knows: 08 connection lost, 25P03 idle for too long within a transaction, the others of 57 shut down
// (which a server also says when it has already committed), 58 and XX trouble inside the server.
const broken = /^(?:08|25P03|57|58|XX)/

/**
 * What became of a statement or a transaction that failed because of the server or the network: nothing, or nobody knows.
 * None for what isn't their fault (syntax, types, constraints): that is the program's.
 */
export const sqlOutcome = (error: SqlError): Option.Option<"nothing" | "unknown"> => {
  const { _tag: reason, operation } = error.reason
  const state = Option.getOrElse(sqlState(error), () => "")
  if (operation === "connect" || refused.test(state)) return Option.some("nothing")
  if (broken.test(state) || reason === "ConnectionError") return Option.some("unknown")
  return Option.none()
}
