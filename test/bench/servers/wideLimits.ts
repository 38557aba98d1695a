/** Limits that no load comes up against, with all that it costs to keep them. */
export const wideLimits = {
  RATE_LIMIT_COMMANDS: "1000000 per 1 second",
  RATE_LIMIT_QUERIES: "1000000 per 1 second"
}
