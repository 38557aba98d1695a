import type { Path } from "effect"
import { Effect, Schema } from "effect"
import type { RequestListener } from "node:http"
import type { BenchError } from "./BenchError.ts"
import type { RunningServer } from "./servers/RunningServer.ts"
import type { StandaloneOptions, startStandalone } from "./servers/standalone.ts"

/** A whole HTTP/1.1 request: a string is sent as latin1. */
export type Request = string | Uint8Array

/** A request of a row that sends several kinds. */
export interface AimedRequest {
  readonly request: Request
  /** Which of the job's ports it goes to, by its index. */
  readonly to: number
  /** The only status that counts as an answer. */
  readonly status: number
}

/** The bare twin of a row, in a process of its own. */
export interface BareTwin {
  /** Does the row's I/O, and nothing else. */
  readonly listener: RequestListener
  /** Resolves once everything that the requests set off is done. Left out if they set off nothing. */
  readonly settled?: () => Promise<void>
}

/** What a row's file says. `Material` is what its preparation finds out; it travels to the other processes as JSON. */
export interface RowDefinition<Material> {
  /** As `--rows` names it, and its file. */
  readonly name: string
  /** As the table names it. */
  readonly title: string
  /** The ratio, in requests/s, that the project is after. */
  readonly aim: number
  /** The only status that counts as an answer; any other fails the row. */
  readonly expectedStatus: number
  /** What the standalone program's environment has beside the usual. */
  readonly environment?: Readonly<Record<string, string>>
  readonly material: Schema.Codec<Material, Schema.Json>
  /** Starts what is measured; the standalone program, if left out. The scope's end ends it. */
  readonly start?: (
    options: StandaloneOptions
  ) => Effect.Effect<RunningServer, BenchError, Effect.Services<ReturnType<typeof startStandalone>> | Path.Path>
  /** Fills the fresh standalone program with what the requests need. */
  readonly prepare: (subject: RunningServer) => Effect.Effect<Material, BenchError>
  /** The requests, the same for both sides. Each is asked for once, by its number; numbers begin anywhere. */
  readonly requests: (material: Material) => (number: number) => Request
  /** Waits until the standalone program has done what the requests set off. Left out if they set off nothing. */
  readonly settle?: (subject: RunningServer, material: Material) => Effect.Effect<void, BenchError>
  /** Makes the twin, in its process. `folder` is empty, and its own. */
  readonly twin: (material: Material, folder: string) => Promise<BareTwin>
}

/** A row whose material is as it travels: JSON, which nobody but the row understands. */
export type Row = RowDefinition<Schema.Json>

/** Makes a row of what its file says. */
export const defineRow = <Material>(definition: RowDefinition<Material>): Row => {
  const decode = Schema.decodeSync(definition.material)
  const encode = Schema.encodeSync(definition.material)
  const { settle, ...rest } = definition
  return {
    ...rest,
    material: Schema.Json,
    prepare: (subject) => Effect.map(definition.prepare(subject), encode),
    requests: (material) => definition.requests(decode(material)),
    twin: (material, folder) => definition.twin(decode(material), folder),
    ...(settle === undefined ? {} : { settle: (subject, material) => settle(subject, decode(material)) })
  }
}
