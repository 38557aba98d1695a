import { Schema } from "effect"
import { readTemplate } from "./template.ts"

const User = Schema.Struct({ UserName: Schema.String, AccessString: Schema.String })
const decodeUser = Schema.decodeUnknownSync(User)

/** What the users of the cache may do, by their names: the words of the access strings in infra/data.yaml. */
export const accessOf: ReadonlyMap<string, ReadonlyArray<string>> = new Map(
  Object.values(readTemplate("data").Resources)
    .filter(({ Type }) => Type === "AWS::ElastiCache::User")
    .map(({ Properties }) => {
      const { AccessString, UserName } = decodeUser(Properties)
      return [UserName, AccessString.split(/\s+/)]
    })
)

/** The commands among the words, as statistics name them. */
export const commandsOf = (words: ReadonlyArray<string>): ReadonlyArray<string> =>
  words.filter((word) => word.startsWith("+")).map((word) => word.slice(1)).toSorted()
