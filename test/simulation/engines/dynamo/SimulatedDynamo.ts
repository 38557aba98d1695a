import { DynamoDBClient, type ServiceInputTypes, type ServiceOutputTypes } from "@aws-sdk/client-dynamodb"
import { Effect, Layer, Option, Result } from "effect"
import type { EncodedCommit } from "../../../../src/events/Commit.ts"
import { commitItem, commitKey } from "../../../../src/events/dynamoCommits.ts"
import { salvageCommit } from "../../../../src/events/salvage.ts"
import { DynamoDb } from "../../../../src/platform/DynamoDb.ts"
import type { DynamoStreams } from "../../../../src/platform/DynamoStreams.ts"
import type { TableNames } from "../../../../src/platform/dynamoTables.ts"
import type { LoggedCommit } from "../../history/History.ts"
import type { Moment } from "../../kernel/Journal.ts"
import type { Process } from "../../kernel/Process.ts"
import type { World } from "../../kernel/World.ts"
import { atOnce, fateOf } from "./fates.ts"
import type { Item } from "./items.ts"
import { recordsIn, streamIn } from "./recordFaults.ts"
import { type DynamoRequest, isWrite } from "./requests.ts"
import { serve } from "./serve.ts"
import type { SimulatedStream } from "./SimulatedStream.ts"
import { SimulatedTables } from "./SimulatedTables.ts"
import { streamsFor } from "./streamAccess.ts"

interface Landed {
  readonly item: Item
  /** Read once: whoever waits for the log to be projected looks at all of it again and again. */
  readonly commit: Option.Option<EncodedCommit>
  readonly landed: Moment
}

export interface SimulatedDynamoOptions {
  /** The names of its tables: `events` and `inbox`, if left out. */
  readonly tables?: TableNames
  /** Nothing takes any time, for whoever has no simulated one. */
  readonly isImmediate?: boolean
}

const decoded = ({ commit, landed }: Landed): ReadonlyArray<LoggedCommit> =>
  Option.match(commit, { onNone: () => [], onSome: (commit) => [{ commit, landed }] })

/** Longest that a replica is behind, in milliseconds. */
const replicaLag = 2000

/**
 * DynamoDB with the tables of the event store and of the inbox, and their streams. Requests come by the SDK's own client,
 * one for each process; each takes effect at one instant, or never. Faults strike as the world says.
 */
export class SimulatedDynamo {
  readonly tables: SimulatedTables
  readonly streams: { readonly events: SimulatedStream; readonly inbox: SimulatedStream }
  readonly #landed: Array<Landed> = []
  readonly #world: World
  readonly #isImmediate: boolean
  readonly #bringLast: () => void

  constructor(world: World, options: SimulatedDynamoOptions = {}) {
    const { isImmediate = false, tables = { events: "events", inbox: "inbox" } } = options
    this.#world = world
    this.#isImmediate = isImmediate
    this.streams = { events: streamIn(world, tables.events), inbox: streamIn(world, tables.inbox) }
    const records = recordsIn(world)
    this.#bringLast = () => records.bringLast(this.streams.events)
    const replicas = world.chance.fork("replicas")
    const now = () => world.journal.now()
    this.tables = new SimulatedTables(tables, {
      now,
      replicated: () => now() + replicas.integer(0, replicaLag),
      changed: (table, change) => {
        const isEvents = table === this.tables.events
        if (isEvents && change.image !== null) this.#land(change.image)
        records.write(isEvents ? this.streams.events : this.streams.inbox, change)
      }
    })
  }

  /** A client for a process. What it has sent is carried out, also after the process was killed; then nobody hears of it. */
  connect(process: Process): Layer.Layer<DynamoDb> {
    const chance = this.#world.chance.fork(`dynamo for ${process.name}`)
    return Layer.effect(
      DynamoDb,
      Effect.gen({ self: this }, function*() {
        const services = yield* Effect.context<never>()
        const client = yield* Effect.acquireRelease(
          Effect.sync(() => new DynamoDBClient(nowhere)),
          (client) => Effect.sync(() => client.destroy())
        )
        const send = (command: { readonly input: ServiceInputTypes }) => {
          const request: DynamoRequest = { command: command.constructor.name, input: command.input }
          const fate = this.#isImmediate ? atOnce : fateOf(this.#world, chance)
          this.#world.journal.tell(process.name, () => `${request.command} ${JSON.stringify(fate)}`)
          return serve(fate, () => this.#perform(process, request), process, services)
        }
        // In the place of the SDK's own, whose middleware takes longer than all that is simulated, and changes nothing.
        Object.defineProperty(client, "send", { value: send })
        return DynamoDb.of({ client })
      })
    )
  }

  /** The streams of the tables, for a process. */
  streamsFor(process: Process): Layer.Layer<DynamoStreams> {
    return streamsFor(Object.values(this.streams), this.#world, process, this.#isImmediate)
  }

  /** All commits that ever got into the log, in that order; also those that others have overwritten. */
  get landed(): ReadonlyArray<LoggedCommit> {
    return this.#landed.flatMap(decoded)
  }

  /** What lies in the log, in the order in which it got there. */
  get log(): ReadonlyArray<LoggedCommit> {
    const { events } = this.tables
    return this.#landed.filter(({ item }) => events.get(item, "newest") === item).flatMap(decoded)
  }

  /** The items as they are, for whoever looks at the end. */
  items(table: keyof TableNames): ReadonlyArray<Item> {
    return this.tables[table].all("newest")
  }

  /** Puts a commit into the log past the store, whatever is in it, and whatever was there; its record comes as any other. */
  plant(commit: EncodedCommit): void {
    const item = commitItem(commit)
    this.tables.write(this.tables.events, item, item)
  }

  /**
   * Delivers after all what was lost of streams of which nothing came later. A stream of a table loses nothing: nobody could
   * know of this, while everything else that is lost shows as a gap.
   */
  bringLastRecords(): void {
    this.#bringLast()
  }

  /** Takes a commit out of the log past the store. */
  unplant({ stream, version }: Pick<EncodedCommit, "stream" | "version">): void {
    this.tables.write(this.tables.events, commitKey(stream, version), null)
  }

  #land(item: Item): void {
    const commit = Result.getSuccess(salvageCommit(item))
    this.#landed.push({ item, commit, landed: this.#world.journal.moment() })
  }

  #perform(process: Process, request: DynamoRequest): ServiceOutputTypes {
    const { faults, journal } = this.#world
    const isStale = !isWrite(request) && faults.strikes("stale read")
    journal.tell(process.name, () => `${request.command} takes effect${isStale ? ", stale" : ""}`)
    return this.tables.perform(request, isStale ? { replicaAt: journal.now() } : "newest")
  }
}

// Never used: requests go no further than the simulation.
const nowhere = {
  region: "nowhere",
  endpoint: "http://127.0.0.1:1",
  credentials: { accessKeyId: "nobody", secretAccessKey: "nothing" },
  maxAttempts: 1
}
