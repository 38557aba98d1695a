import type { Mutant } from "./Mutant.ts"

/** Bugs in what decides commands, and in the inbox. */
export const mutantsOfCommands: ReadonlyArray<Mutant> = [
  {
    name: "strong reload before a rejection",
    guarantee: "A rejection, a no-op and a replay are decided on a strongly consistent load made within the request.",
    file: "src/commands/decideAndAppend.ts",
    find: `} else if (certainty !== "strong") {`,
    replace: `} else if (certainty === "assumed") {`
  },
  {
    name: "repeated put",
    guarantee: "An unknown outcome is settled by repeating the identical put, and not taken for done.",
    file: "src/commands/settle.ts",
    find: "  Effect.catch(settled(append), (error): Effect.Effect<null, E> => {",
    replace:
      "  Effect.catch(append, (error): Effect.Effect<null, E> => {\n    if (isUnknown(error)) return Effect.succeed(null)"
  },
  {
    name: "key's fingerprint",
    guarantee: "An idempotency key with another payload is refused.",
    file: "src/domain/decide.ts",
    find: "return first.fingerprint === command.fingerprint",
    replace: "return true"
  },
  {
    name: "remembered commands",
    guarantee: "A retry under a key is recognised while its command is among the comment's last 16.",
    file: "src/domain/CommentState.ts",
    find: "export const rememberedCommands = 16",
    replace: "export const rememberedCommands = 2"
  },
  {
    name: "keys of each author",
    guarantee: "A raw key identifies nothing: what two authors post under the same key are two comments.",
    file: "src/commands/derivedIds.ts",
    find: `uuidV8(["comment", author, key])`,
    replace: `uuidV8(["comment", key])`
  },
  {
    name: "replay of the first answer",
    guarantee: "A retry gets the body as it was at the version that the command brought about.",
    file: "src/commands/replay.ts",
    find: "if (version === state.version) return",
    replace: "return"
  },
  {
    name: "If-Match",
    guarantee: "An edit with If-Match is refused where the comment is at another version.",
    file: "src/domain/decide.ts",
    find: "  if (!meets(command, state)) return Result.fail(new VersionMismatch({ standing }))\n",
    replace: ""
  },
  {
    name: "ownership",
    guarantee: "Only its author edits a comment.",
    file: "src/domain/permission.ts",
    find: "export const mayEdit = (actor: Actor, comment: Authored): boolean => isOwn(actor, comment)",
    replace: "export const mayEdit = (_actor: Actor, _comment: Authored): boolean => true"
  },
  {
    name: "no-ops append nothing",
    guarantee: "An edit to the text that the comment has already changes nothing, and appends nothing.",
    file: "src/domain/decide.ts",
    find: "return text === state.text ? unchanged : accept(",
    replace: "return accept("
  },
  {
    name: "no outcome is overwritten",
    guarantee: "An entry of the inbox comes to one outcome, once, whoever tries how often at once.",
    file: "src/commands/DynamoCommandInbox.ts",
    find: `    ConditionExpression: "#status = :pending",\n`,
    replace: ""
  },
  {
    name: "accepted once",
    guarantee: "A command that was accepted to be decided later isn't accepted again, nor under its key another one.",
    file: "src/commands/DynamoCommandInbox.ts",
    find: `
        ConditionExpression: "attribute_not_exists(#id)",
        ExpressionAttributeNames: { "#id": "id" },`,
    replace: ""
  },
  {
    name: "status of what was answered",
    guarantee: "What has been answered about an accepted command is seen by whoever looks then.",
    file: "src/commands/DynamoCommandInbox.ts",
    find: "ConsistentRead: true",
    replace: "ConsistentRead: false"
  },
  {
    name: "sweeper",
    guarantee: "An accepted command is decided also where its delivery was lost.",
    file: "src/commands/InboxSweeper.ts",
    find: "    yield* Effect.forEach(fresh, ({ id }) => runOne(id), { concurrency, discard: true })\n",
    replace: ""
  }
]
