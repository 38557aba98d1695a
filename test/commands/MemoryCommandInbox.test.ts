import { commandInboxContract } from "../contract/commandInbox.ts"
import { inboxOnMemory } from "../support/inboxOn.ts"

commandInboxContract("MemoryCommandInbox", inboxOnMemory)
