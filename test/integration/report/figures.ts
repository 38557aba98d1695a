import type { Availability, Share } from "../measure/availability.ts"
import type { Recovery } from "../measure/recovery.ts"

/** Of how many requests the answer was a good one. Never rounded up: 100 % is said where nothing failed. */
export const percent = ({ failed, requests }: Share): string =>
  requests === 0 ? "–" : failed === 0 ? "100 %" : `${(Math.floor((1 - failed / requests) * 1_000) / 10).toFixed(1)} %`

/** Milliseconds as seconds. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`

const recovery = (one: Recovery): string => one === null ? "too long" : one === 0 ? "0" : (one / 1_000).toFixed(1)

/** Of each time that a fault was made, in seconds. */
export const recoveries = (all: ReadonlyArray<Recovery>): string =>
  all.every((one) => one === 0) ? "0 s" : `${all.map(recovery).join(", ")} s`

/** How often which error came. */
export const errors = (all: Availability["errors"]): string =>
  all.length === 0 ? "none" : all.map(([status, count]) => `${status ?? "no answer"}: ${count}`).join(", ")

/** Of several kinds of users together. */
export const together = (shares: ReadonlyArray<Share>): Share => ({
  requests: shares.reduce((sum, { requests }) => sum + requests, 0),
  failed: shares.reduce((sum, { failed }) => sum + failed, 0)
})

/** Bytes as MiB. */
export const mebibytes = (bytes: number): string => String(Math.round(bytes / 2 ** 20))
