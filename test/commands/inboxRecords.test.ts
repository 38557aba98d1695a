import { assert, describe, it } from "@effect/vitest"
import { acceptedIn } from "../../src/commands/inboxRecords.ts"
import { freshPost } from "../support/inboxEntries.ts"

const { commandId } = freshPost()

const record = (eventName: string, image: object = { id: { S: commandId }, status: { S: "pending" } }) => ({
  eventID: "1",
  eventName,
  eventSource: "aws:dynamodb",
  dynamodb: { Keys: { id: { S: commandId } }, NewImage: image, SequenceNumber: "1", StreamViewType: "NEW_IMAGE" }
})

describe("A record of the inbox's stream", () => {
  it("tells of an entry that was accepted", () => assert.strictEqual(acceptedIn(record("INSERT")), commandId))

  it("tells of none when an entry was settled or forgotten, or of something else", () => {
    const others = [
      record("MODIFY"),
      record("REMOVE"),
      record("INSERT", { id: { S: "x" } }),
      { eventName: "INSERT" },
      null
    ]
    for (const other of others) assert.isNull(acceptedIn(other))
  })
})
