import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A commit's place in the order of a log in Postgres. Decimal strings: the numbers have 64 bits. */
export interface LogPlace {
  readonly transactionId: string
  readonly position: string
}

/** Before every commit: no transaction has the id 0. */
export const beginning: LogPlace = { transactionId: "0", position: "0" }

/** The place as a checkpoint, `<transaction id>:<position>`. */
export const formatPlace = ({ position, transactionId }: LogPlace): string => `${transactionId}:${position}`

const Checkpoint = Schema.TemplateLiteralParser([
  Schema.String.check(Schema.isPattern(/^\d{1,20}$/)),
  ":",
  Schema.String.check(Schema.isPattern(/^\d{1,19}$/))
])

/** The place that a checkpoint names. One that no log in Postgres has given is a mistake of the program. */
export const parsePlace = (checkpoint: string): Effect.Effect<LogPlace> =>
  Schema.decodeUnknownEffect(Checkpoint)(checkpoint).pipe(
    Effect.map(([transactionId, , position]) => ({ transactionId, position })),
    Effect.mapError(() => new Error(`${JSON.stringify(checkpoint)} is no checkpoint of a log in Postgres`)),
    Effect.orDie
  )
