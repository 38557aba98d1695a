import { Clock, Duration, Effect, Schedule } from "effect"
import type { Recorder } from "../clients/Recorder.ts"
import { samplesOf } from "../measure/Sample.ts"

/** How long people work before anything happens. */
export const warmUp = Duration.seconds(2)

/** All is quiet where of a time as long as this, in milliseconds, all requests have been answered well; then the work ends. */
const quietFor = 2_500
const quietPatience = Duration.seconds(25)

const isQuiet = (recorder: Recorder) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const lately = samplesOf(recorder.recorded.slice(-400)).filter(({ sent }) => sent > now - quietFor)
    return lately.length > 50 && !lately.some(({ failed }) => failed)
  })

/** Lets people work until all has been quiet for a while, or it takes too long. */
export const untilQuiet = (recorder: Recorder) =>
  isQuiet(recorder).pipe(
    Effect.delay(quietFor),
    Effect.repeat({ until: (quiet) => quiet, schedule: Schedule.spaced("100 millis") }),
    Effect.timeoutOption(quietPatience)
  )
