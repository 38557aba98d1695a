import { Duration } from "effect"
import { acts } from "../clients/workload.ts"
import { complaintsOf, type Outcome } from "../scenarios/Outcome.ts"
import { slowness } from "../scenarios/severing.ts"
import type { Report } from "./Report.ts"
import { memory, overview, usersOf } from "./tables.ts"

const complaints = (outcomes: ReadonlyArray<Outcome>): string => {
  const all = outcomes.flatMap((outcome) => complaintsOf(outcome).map((one) => `- ${outcome.name}: ${one}`))
  return all.length === 0
    ? "No promise was broken in this run."
    : `**In this run ${all.length} promises were broken:**\n\n${all.slice(0, 50).join("\n")}`
}

const opening = ({ at, dynamoSoftware, extent: { hold, times }, machine }: Report): string =>
  `# Reliability

This page is written by \`npm run faults\`, numbers and all; what is changed by hand is lost. It tells what people see of
faults while they work, and whether what they were told remains true.

The local stack runs as it always does: PostgreSQL, Redis, ${dynamoSoftware} in the place of DynamoDB, the command service, the
query service and the stream poller, each a process of its own, behind one entry point. All data lie on disk. People work on it
throughout: each second ${acts.reduce((sum, { perSecond }) => sum + perSecond, 0)} requests are begun, whether or not
those before have been answered, so that an outage is no rest. They post, edit and delete, half of them with an idempotency key
and then again if nothing came of it; they read without a consistency token and with one; they put commands off and ask what
became of them. A client waits 8 seconds for an answer. Then something breaks, on real processes, and later works again: kills
and restarts ${times} times over, everything that lasts for ${Duration.toSeconds(hold)} seconds.

When all is quiet the work ends, and everybody has a minute to converge (the standalone program two). Then the log is read from the event store and the
rows from PostgreSQL, past everything, and the checker that also judges the simulation gets both with all that people
were answered. It accepts no acknowledged change that isn't in the log or is there twice, no answer that no state of the stream
explains, no query that shows less than its token, no row or count that isn't the fold of the log.

This run was on ${
    new Date(at).toISOString().slice(0, 10)
  }, on ${machine.cores} cores of ${machine.processor} with ${machine.memoryGiB} GiB,
${machine.system}, Node ${machine.node}; people, entry point and ways shared them with everything else.

## How to read the tables

- **answered**: the share of requests that got an answer below 500. A refusal that is right (404, 409, 410, 412) is an answer; a broken line, or
  none within 8 seconds, is an error as a 5xx is. **meanwhile** counts what was sent while the fault lasted: of a kill, until
  the part serves again. Of commands that were put off, "pending" is an answer, however long it remains: what can't be decided at once is
  tried again a minute later, which is seen in "converged after".
- **recovered after**: the time until the first second of which no request failed, for each time that the fault was made. It counts from the fault's
  end; of kills and ends of programs from its beginning. 0 says that nothing failed from then on.
- **converged after**: from when the last person had stopped until the log, the inbox and the read model said the same.
- **promises**: what the checker says of everything that was answered and of everything that there was at the end.`

/** Whether what spoke DynamoDB's protocol has kept what it had acknowledged, as far as the checker saw. */
const durability = ({ dynamoSoftware, site }: Report): string => {
  const kill = site.find(({ name }) => name === "kill-dynamodb")
  const kept = kill !== undefined && kill.violations.length === 0
  return kept
    ? `It had all that it had acknowledged after each kill -9 of this run`
    : `Where the checker misses something after a kill -9 of it, it may be ${dynamoSoftware} that has lost what it had acknowledged`
}

const closing = (report: Report): string =>
  `## What this doesn't show

- ${report.dynamoSoftware} is no DynamoDB. ${
    durability(report)
  }. What AWS keeps is AWS's. The simulation goes through DynamoDB's throttling, late
  puts and stale reads.
- A kill of a process is no power failure: what the kernel had is written. PostgreSQL runs here with \`fsync\` on.
- There is one task of each program, which is started again at once. In the deployment there are more, and a load balancer that
  leaves out one that is down: less is seen there of the kill of one.
- Each fault comes alone. The simulation mixes them, and many more, in any order.
- A slow way delays by ${slowness} ms and loses nothing; there is no loss of single packets.
- The full disk lasts for seconds. Not tried is one on which the database has no room even for the next file of its write-ahead log, nor
  a start on it.
- The standalone program is not killed here: only its disk is filled.
- Whether the cache has something stale isn't looked for here once all is over, only in what people read meanwhile; the simulation looks.
- People are few. How much the programs bear is measured by \`npm run bench\`.

## Run it again

    npm run faults
    npm run faults -- --only kill-dynamodb --only cut-redis --seconds 10

All of it takes about eight minutes, and this page is written anew; with \`--only\` or \`--seconds\` the tables are printed and
the page stays as it is. It ends with 1 if a promise was broken. \`--help\` names the faults. The full disk needs Linux, where
\`unshare\` may mount a small disk for one program alone.
`

const perUser = (outcome: Outcome): string => `### ${outcome.title}\n\n${usersOf(outcome)}`

/** The tables alone. */
export const renderTables = ({ fullDisk, site }: Pick<Report, "fullDisk" | "site">): string => {
  const ran = typeof fullDisk === "string" ? site : [...site, fullDisk]
  return [
    "## All faults",
    overview(ran),
    complaints(ran),
    ...(typeof fullDisk === "string" ? [`**The full disk was not run.** ${fullDisk}`] : []),
    "## What each kind of user saw",
    ...ran.map(perUser),
    ...(site.length === 0 ? [] : [
      "## Memory",
      "What each program has in memory, in MiB of resident set, before the first fault and after each. All are run one after the other on\n" +
      "one site; a star marks a process that was started during the fault. V8 takes what it may before it cleans up, so a young process grows.",
      memory(site)
    ])
  ].join("\n\n")
}

/** The whole page. */
export const renderReport = (report: Report): string =>
  `${[opening(report), renderTables(report), closing(report)].join("\n\n")}`
