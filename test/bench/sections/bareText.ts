/** What the twins are, and what they leave out. */
export const bareText: ReadonlyArray<string> = [
  "Each row is measured beside its **bare twin**: a plain `node:http` handler in a process of its own that does the same I/O with " +
  "the same clients on the same engines, and nothing else: no checks, no tokens, no schemas, no decision, no cache to " +
  "keep right. What a twin leaves out stands above its row in `test/bench/rows`. The ratio says how much of the bare " +
  "machine is left; 1 would mean that all of Marginalia costs nothing. The rows *stack: …* are the command service and the " +
  "query service on DynamoDB's emulator, PostgreSQL and Redis, all others the standalone program.",
  "Rows of work have no requests: the projection of 50,000 commits beside one bulk insert of the same rows, and the load " +
  "of a stream of 10,000 events beside that of one of 10."
]
