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
  "traditional service's table is in the same PostgreSQL server (its `fsync` is off for both). **Marginalia, standalone**: " +
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
