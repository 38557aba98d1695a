import type { Justified } from "./audit.ts"

/**
 * The advisories that are known and don't matter here, for now. One that is out of date, or that nothing has any more, fails
 * the audit.
 */
export const justifiedAdvisories: ReadonlyArray<Justified> = []
