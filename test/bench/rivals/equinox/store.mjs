import { DynamoDB } from "@aws-sdk/client-dynamodb"
import {
  CachingStrategy,
  Codec,
  Decider,
  LoadOption,
  MaxResyncsExhaustedException,
  MemoryCache,
  StreamId
} from "@equinox-js/core"
import {
  AccessStrategy,
  DynamoStoreCategory,
  DynamoStoreClient,
  DynamoStoreContext,
  QueryOptions,
  TipOptions
} from "@equinox-js/dynamo-store"
import { randomUUID } from "node:crypto"
import { anybody } from "../../stack/anybody.ts"
import { CapacityCounter } from "../../stores/capacity.ts"
import { draftOf, foldComment, nothing } from "../../stores/events.ts"
import { atOnce, repeatedly } from "../../stores/repeatedly.ts"
import { serveStore } from "../../stores/serveStore.ts"

// Equinox on DynamoDB, as its own tests and its guide have it: the default tip of 32 KB, a snapshot kept in the tip
// (`AccessStrategy.Snapshot`), the compressing codec, and a Decider. Appends go through its cache, so that a writer who has
// just written needn't load: that is what its guide means a cache to be for. So do loads before an append; others are without
// it, for what they are to say is what it takes to read a stream. With the cache they would read the same item all the same,
// to see whether it is the one that they have.
// https://nordfjord.io/equinox/

const category = "Comment"

/** The snapshot is an event of a type of its own. */
const snapshot = "Snapshotted"

const fold = (state, events) =>
  events.reduce((state, event) => event.type === snapshot ? event.data : foldComment(state, event), state)

const codec = {
  encode: ({ data, metadata, type }) => ({
    type,
    data: JSON.stringify(data),
    ...(metadata === undefined ? {} : { meta: JSON.stringify(metadata) })
  }),
  decode: ({ data, meta, type }) => ({
    type,
    data: JSON.parse(data),
    metadata: meta === undefined || meta === "" ? undefined : JSON.parse(meta)
  })
}

const isOrigin = ({ type }) => type === snapshot || type === "CommentPosted"
/** How many streams are filled at once. */
const fillers = 16

const toSnapshot = (state) => ({ type: snapshot, data: state })

const open = async ({ dynamo }) => {
  const table = `equinox-${randomUUID()}`
  const client = new DynamoDB({
    endpoint: dynamo,
    region: anybody.region,
    credentials: anybody.credentials,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 128 } }
  })
  await client.createTable({
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "p", AttributeType: "S" }, { AttributeName: "i", AttributeType: "N" }],
    KeySchema: [{ AttributeName: "p", KeyType: "HASH" }, { AttributeName: "i", KeyType: "RANGE" }],
    // What its indexer would be fed by, and what our own table has.
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" }
  })
  const counter = new CapacityCounter()
  client.middlewareStack.add(counter.middleware, { step: "initialize" })
  const context = new DynamoStoreContext({
    client: new DynamoStoreClient(client),
    tableName: table,
    tip: TipOptions.create({}),
    query: QueryOptions.create({})
  })
  const access = AccessStrategy.Snapshot(isOrigin, toSnapshot)
  const categoryWith = (caching) =>
    DynamoStoreCategory.create(context, category, Codec.compress(codec), fold, nothing, caching, access)
  const cached = categoryWith(CachingStrategy.Cache(new MemoryCache()))
  const uncached = categoryWith(CachingStrategy.NoCache())
  const decider = (category, stream) => Decider.forStream(category, StreamId.create(stream), undefined)

  // One try: whoever drives it counts conflicts, and loads again.
  const append = async ({ isNew, stream }, drafts) => {
    const version = await decider(cached, stream).transactVersion(
      () => drafts,
      isNew ? LoadOption.AssumeEmpty : LoadOption.AnyCachedValue,
      1
    )
    return { stream, version: Number(version) }
  }
  const load = async (category, stream) => {
    const { state, version } = await decider(category, stream).queryEx(({ state, version }) => ({ state, version }))
    return { stream, version: Number(version), state }
  }
  return {
    begin: (stream) => ({ stream, version: 0, isNew: true }),
    append: (end, draft) => append(end, [draft]),
    load: (stream) => load(uncached, stream),
    loadToAppend: (stream) => load(cached, stream),
    versionOf: ({ version }) => version,
    isConflict: (error) => error instanceof MaxResyncsExhaustedException,
    fill: async (streams, events) => {
      let number = 0
      await atOnce(fillers, async () => {
        const stream = streams[number++]
        if (stream === undefined) return false
        let end = { stream, version: 0, isNew: true }
        await repeatedly(async () => {
          const count = Math.min(10, events - end.version)
          end = await append(end, Array.from({ length: count }, (_, index) => draftOf(stream, end.version + 1 + index)))
          return end.version < events
        })
        return true
      })
    },
    takeUnits: counter.take
  }
}

serveStore(open)
