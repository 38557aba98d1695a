import { whole } from "../report/numbers.ts"

/** What is compared with what, and how, for whoever wants to judge it. */
export const crudText = (comments: number, pictures: number): ReadonlyArray<string> => [
  "**The traditional service** (`test/bench/rivals/crud`) is what a good engineer would write in Marginalia's place: " +
  "Fastify with JSON schemas for requests and answers, `pg` with a pool of 10 connections, statements prepared by name, one " +
  "statement for each request, keyset cursors, ETags, If-Match, tokens verified by `jose` and remembered for a minute as " +
  "ours are. One table `comments` with an index over (picture, time, id), updated in place; a counter for each picture, " +
  "kept in the statement that posts, because `count(*)` would scan long threads for each page. It has no cache, no " +
  "history, no idempotency keys, no asynchronous commands and no consistency tokens, and what is overwritten is gone.",
  "**Marginalia, services**: command service, query service and stream poller together on the core that the traditional " +
  "service has for itself; DynamoDB's emulator (dynoxide), PostgreSQL and Redis on the other core, with the load generator. The " +
  "traditional service's table is in the same PostgreSQL server (`fsync`, `synchronous_commit` and `full_page_writes` are off, for both). **Marginalia, standalone**: " +
  "one process, its database included, on that same one core, so it does the database's work there too.",
  `All three hold the same ${whole(comments)} comments on ${
    whole(pictures)
  } pictures and 200 more: log-normal with mean 7 ` +
  "and sigma 2, texts of about 58 characters in a dozen scripts, and planted threads. The rows: *hot page*, everybody reads the same 20 " +
  "comments; *cold page*, 32,400 different pages in turn, none of them in a cache; *post*, 16 authors on 1,000 pictures; " +
  "*edit*, 1,024 comments in turn; *mix*, 100 reads to a write, pictures by Zipf's law: of the reads 88 in 100 are a first " +
  "page, 6 a count, 4 a comment, 2 the oldest 50; three writes in four are posts. The same requests, in the same order, to each " +
  "side. What requests set off (projections) is done before another side has its turn, and its time is in the table."
]

/** Why the rows are as they are, for whoever wonders. */
export const crudNotes: ReadonlyArray<string> = [
  "Hot pages: the traditional service asks PostgreSQL for each. Marginalia has the encoded body in Redis or in its own " +
  "memory, and what projects a change takes it away at once.",
  "Cold pages: the services look into Redis, mint a generation there, ask PostgreSQL, encode the page and put it into Redis, " +
  "each step with a time-out, a circuit breaker and a shared flight around it. Nobody gains from a page that is put " +
  "away and never asked for again, and this row has no others.",
  "Posts and edits: one statement on one table is as little as a write can be. Marginalia checks the text in all its " +
  "Unicode, decides on the state of a loaded stream, appends an event (by the AWS SDK, in the services), and on the same core projects it " +
  "into rows, history, positions and counts. That is the price of history, idempotent retries and a log that nothing is lost from.",
  "In the services a post is one request to DynamoDB, an edit two: it loads the stream, then appends. No two edits in this row meet " +
  "on one comment, so none is decided twice, and nothing has to be healed. Each of these requests takes the command service " +
  "longer than all that it does about HTTP, token, rate limit and text, and the largest part of that is the AWS SDK's: it signs, encodes, sends and decodes.",
  "The services are three programs on one core, of which each would have cores of its own where it is deployed; a mix pays for all three."
]
