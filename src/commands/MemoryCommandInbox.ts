import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { CommandId, Timestamp } from "../domain/ids.ts"
import { MemoryJointAppend } from "../events/MemoryEventStore.ts"
import { AlreadySettled, CommandInbox } from "./CommandInbox.ts"
import { decodeEntry, encodeEntry, encodeOutcome } from "./InboxCodec.ts"
import type { InboxOutcome } from "./InboxEntry.ts"

/** A row as it lies in memory: JSON, so that nothing gets into the inbox that another one couldn't hold. */
interface MemoryRow {
  readonly id: CommandId
  readonly acceptedAt: Timestamp
  readonly requestJson: string
  outcomeJson: string | null
}

const decoded = ({ acceptedAt, id, outcomeJson, requestJson }: MemoryRow) =>
  Effect.fromResult(decodeEntry(id, {
    id,
    acceptedAt,
    request: JSON.parse(requestJson),
    outcome: outcomeJson === null ? null : JSON.parse(outcomeJson)
  }))

/** Every call lets other fibers go first, as a call over a network does: races that there can be do happen. */
const make = Effect.gen(function*() {
  const joint = yield* MemoryJointAppend
  const rows = new Map<CommandId, MemoryRow>()

  const settleNow = (id: CommandId, outcome: InboxOutcome): boolean => {
    const row = rows.get(id)
    if (row === undefined || row.outcomeJson !== null) return false
    row.outcomeJson = JSON.stringify(encodeOutcome(outcome))
    return true
  }

  return CommandInbox.of({
    accept: Effect.fnUntraced(function*(entry) {
      yield* Effect.yieldNow
      const { acceptedAt, id, request } = encodeEntry(entry)
      const present = rows.get(id)
      if (present !== undefined) return yield* decoded(present)
      rows.set(id, { id, acceptedAt, requestJson: JSON.stringify(request), outcomeJson: null })
      return null
    }),

    find: Effect.fnUntraced(function*(id) {
      yield* Effect.yieldNow
      const row = rows.get(id)
      return row === undefined ? Option.none() : Option.some(yield* decoded(row))
    }),

    settle: (id, outcome) => Effect.map(Effect.yieldNow, () => settleNow(id, outcome)),

    appendAndSettle: (head, commit, id, outcome) =>
      joint.append(head, commit, () => settleNow(id, outcome)).pipe(
        Effect.catchTag("AppendRefused", () => Effect.fail(new AlreadySettled({ id })))
      ),

    stale: (before, limit) =>
      Effect.map(Effect.yieldNow, () =>
        Array.from(rows.values())
          .filter(({ acceptedAt, outcomeJson }) => outcomeJson === null && acceptedAt < before)
          .toSorted((one, other) => one.acceptedAt - other.acceptedAt)
          .slice(0, limit)
          .map(({ acceptedAt, id }) => ({ id, acceptedAt })))
  })
})

/** The inbox in memory, beside a log in memory: for tests and simulations. Nothing expires here. */
export const layer: Layer.Layer<CommandInbox, never, MemoryJointAppend> = Layer.effect(CommandInbox, make)
