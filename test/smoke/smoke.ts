import { run } from "../programs/program.ts"

/** Runs `npm run smoke` with these arguments. */
export const smoke = (args: ReadonlyArray<string>) => run("../../test/smoke/run.ts", {}, args)

/** Arguments that give these flags. */
export const flagsOf = (flags: Readonly<Record<string, string>>) =>
  Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])

/** The scope that allows writing. */
export const write = "comments:write"
