/** How the stores were measured, and what differs between them. */
export const storeText: ReadonlyArray<string> = [
  "Each store is driven in a process of its own by the same code: the same events (about 350 bytes as JSON), the same " +
  "engine with the same settings, a database or a table of its own, a pool of 20 connections to PostgreSQL and 128 to " +
  "DynamoDB. Each is set up as its documentation shows. The engines keep nothing: PostgreSQL runs without fsync for all of " +
  "them, DynamoDB is dynoxide, an emulator, so latencies are not AWS's; what differs between the stores is. Stores take " +
  "turns in each round.",
  "What differs. **Marginalia** keeps a snapshot in the commit, remembers a comment's last 16 commands in it, checks every " +
  "event by its schema when it is read, and never reads before an append. **Emmett** appends in a transaction of three " +
  "statements (BEGIN, a function, COMMIT), and folds the whole stream at each load; no inline projection is registered. " +
  "**castore** has one item for each event and an index of initial events, which its documentation calls required; loads " +
  "read all events, strongly consistent. **Equinox** has a tip of up to 32 KB which each append rewrites, with a compressed " +
  "snapshot in it; its appends go on from its cache, its loads here don't use it. The rivals' state is smaller than ours: it " +
  "remembers no commands, so it couldn't recognise a retry.",
  "Projections: Emmett's consumer as documented takes 100 events at a time and pauses 50 ms after each; the tuned side takes " +
  "1,000 without a pause. It gives a projection one event after the other, and saves a checkpoint after each. What it is to project was " +
  "appended by one writer only: of what several append at once it doesn't deliver everything, as the last table shows, and " +
  "would never be done. castore has no " +
  "consumer. Equinox's source and its feed, dynamo-store-source, could not be installed: it needs a package, propeller, that " +
  "the registry doesn't have.",
  "A delivery counts as missing if it hasn't come 5 s after the last one came."
]

/** What a reader should know beside the numbers. */
export const storeNotes: ReadonlyArray<string> = [
  "DynamoDB says nothing of what a conditional write has consumed that fails: conflicts cost more than the units shown, and " +
  "for all stores alike.",
  "Emmett's consumer asks for global positions above the last one that it has seen, in the order of transactions: an event " +
  "whose transaction is older in that order and whose position is lower than one already passed is never asked for. Whether " +
  "that happens depends on how writers interleave, so the runs differ."
]
