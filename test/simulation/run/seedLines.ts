import { type Option, Schema } from "effect"
import process from "node:process"
import { SeedLine, SeedRequest } from "./SeedLine.ts"

const Line = Schema.fromJsonString(SeedLine)
const encodeLine = Schema.encodeSync(Line)
const decodeLine = Schema.decodeUnknownOption(Line)
const Request = Schema.fromJsonString(SeedRequest)
const encodeRequest = Schema.encodeSync(Request)
const decodeRequest = Schema.decodeUnknownSync(Request)

/** The argument that tells a process what to run. */
export const argumentOf = (request: SeedRequest): string => encodeRequest(request)

/** What this process was asked to run. */
export const asked = (): SeedRequest => decodeRequest(process.argv[2])

/** The seeds of a request, in their order. */
export const seedsOf = ({ seeds }: SeedRequest): ReadonlyArray<number> => {
  if (!("from" in seeds)) return seeds
  const { count, from, step } = seeds
  return Array.from({ length: count }, (_, index) => from + index * step)
}

/** Tells whoever started this process; what is said is out before anything else is done. */
export const say = (line: SeedLine): void => {
  process.stdout.write(`${encodeLine(line)}\n`)
}

/** What a process said with a line; none where that isn't one of these. */
export const heard = (line: string): Option.Option<SeedLine> => decodeLine(line)
