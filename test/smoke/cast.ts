import { Effect } from "effect"
import { moderate, write } from "../http/comments.ts"
import type { People } from "../http/Target.ts"
import type { Speakers } from "./Speaker.ts"

/** Leaves out the test that runs, with the reason: it throws what the test runner knows. */
export type LeaveOut = (reason: string) => never

const knownWords = new Set(["", "openid", "profile"])

/**
 * The people of a deployment in the tests' hands, one test after the other. `begin` says that another test begins: it has not
 * asked for anybody yet.
 */
export const makeCast = ({ moderator, reader, writers }: Speakers) => {
  let asked = new Set<string>()
  let leave: LeaveOut | undefined

  const leaveOut = (needs: string) =>
    Effect.sync((): never => {
      if (leave === undefined) throw new Error("No test has begun")
      return leave(`It needs ${needs}.`)
    })

  const people: People = {
    anybody: Effect.sync(() => {
      const [{ subject }] = writers
      asked.add(subject)
      return subject
    }),
    somebodyElse: Effect.suspend(() => {
      // Whoever is asked for as anybody is the first; nobody else is to be that one, in whichever order they come.
      const free = writers.slice(1).find(({ subject }) => !asked.has(subject))
      if (free === undefined) return leaveOut(`${asked.size > 1 ? "one more user" : "a second user"}: --other-token`)
      asked.add(free.subject)
      return Effect.succeed(free.subject)
    }),
    moderator: Effect.suspend(() =>
      moderator === undefined ? leaveOut("a moderator: --moderator-token") : Effect.succeed(moderator.subject)
    ),
    leaveOut
  }

  const token = (subject: string, scope: string): Effect.Effect<string> => {
    const words = scope.split(" ")
    const [writes, moderates] = [words.includes(write), words.includes(moderate)]
    if (subject === moderator?.subject) {
      return moderates ? Effect.succeed(moderator.token) : leaveOut("a token of the moderator that allows only writing")
    }
    const writer = writers.find((one) => one.subject === subject)
    if (writer === undefined) return leaveOut("users of its own making, whose tokens only their issuer can sign")
    if (moderates) return leaveOut("a token of a user that allows moderating and not writing")
    if (writes) return Effect.succeed(writer.token)
    if (!words.every((word) => knownWords.has(word))) {
      return leaveOut("a token with a scope that is like ours, and isn't")
    }
    return writer === writers[0] && reader !== undefined
      ? Effect.succeed(reader.token)
      : leaveOut("a token of the same user that doesn't allow writing: --reading-token")
  }

  const begin = (how: LeaveOut): void => {
    asked = new Set()
    leave = how
  }

  return { people, token, begin }
}
