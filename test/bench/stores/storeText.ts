import { loadedStreams, type StoreScale } from "./storeRows.ts"

/** How the stores were measured, and what differs between them. */
export const storeText = ({ deliveries, lengths, millis, rounds, unitAppends }: StoreScale): ReadonlyArray<string> => [
  `Rates: ${rounds} rounds of ${
    millis / 1000
  } s for each store, in turn, after a round that isn't counted where there are ` +
  `several. Contention is a number of appends, projections and deliveries are a number of events: ${rounds} and ` +
  `${deliveries} runs of each. Of ${
    lengths.map((length) => length.toLocaleString("en-US")).join(", ")
  } events there are ` +
  `${lengths.map((length) => loadedStreams(length).streams).join(", ")} streams.`,
  "Each store is driven in a process of its own by the same code: the same events (about 380 bytes as JSON, with the load " +
  "model's texts in several scripts), the same engine with the same settings, a database or a table of its own, a pool of 20 " +
  "connections to PostgreSQL and 128 to DynamoDB. Each is set up as its documentation shows. The engines keep nothing: " +
  "PostgreSQL runs with `fsync`, `synchronous_commit` and `full_page_writes` off for all of them, so a commit waits for no " +
  "disk and writes less of a log than elsewhere; DynamoDB is dynoxide, an emulator, so latencies are not AWS's. What " +
  "differs between the stores is theirs.",
  "What differs. **Marginalia** keeps a snapshot in the commit, remembers a comment's last 16 commands in it, checks every " +
  "event by its schema when it is read, and never reads before an append. **Emmett** appends in a transaction of three " +
  "statements (BEGIN, a function, COMMIT), and folds the whole stream at each load; no inline projection is registered. " +
  "**castore** has one item for each event and an index of initial events, which its documentation calls required; loads " +
  "read all events. **Equinox** has a tip of up to 32 KB which each append rewrites, with a compressed " +
  "snapshot in it; its appends go on from its cache, its loads here don't use it. The rivals' state is smaller than ours: it " +
  "remembers no commands, so it couldn't recognise a retry.",
  "Loads have different prices on DynamoDB: ours are eventually consistent here, as the command handler's first load is (an " +
  "append that then conflicts, and any refusal, loads again strongly), and so are Equinox's, whose default that is. castore " +
  "always reads with strong consistency, which costs twice as much: where a stream is short, this factor of 2 is all that " +
  "divides us from it, and a strong load of ours costs twice what the table says.",
  `Capacity units are those that dynoxide answers with; a test holds it to what AWS documents of items' sizes. They are means ` +
  `of ${unitAppends} appends at each length, on many streams where they are short and one after the other on one where it is ` +
  "long (what Equinox rewrites grows from append to append until its tip is emptied), and of loads among them, up to 1.5 s of " +
  "loading.",
  "Projections: Emmett's consumer as documented takes 100 events at a time and pauses 50 ms after each; the tuned side takes " +
  "1,000 and is asked not to pause. It pauses all the same 100 ms after its first batch, and longer, up to 1 s, whenever it " +
  "has caught up. Both find their tables made. It gives a projection one event after the other, and saves a checkpoint " +
  "after each. What it is to project was appended by one writer only: of what several append at once it doesn't deliver " +
  "everything, as the last table shows, and would never be done. castore has no consumer. Equinox's source and its feed, " +
  "dynamo-store-source, could not be installed: it needs a package, propeller, that the registry doesn't have.",
  "A delivery counts as missing if it hasn't come 5 s after the last one came."
]

/** What a reader should know beside the numbers. */
export const storeNotes: ReadonlyArray<string> = [
  "DynamoDB says nothing of what a conditional write has consumed that fails: conflicts cost more than the units shown, and " +
  "for all stores alike.",
  "Emmett's consumer loses events in two ways, as both of them go by global positions while what it reads is in the order of " +
  "transactions, and a later transaction can have the lower position. An event whose position is lower than that of the last " +
  "one of the batch before is never asked for. One that comes within a batch after an event with a higher position is read, and " +
  "then dropped as if it had been handled before. Whether that happens depends on how writers interleave, so the runs differ."
]
