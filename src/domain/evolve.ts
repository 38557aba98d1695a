import type { RecordedEvent } from "./CommentEvent.ts"
import { CommentEvent } from "./CommentEvent.ts"
import type { AcceptedCommand, CommentState } from "./CommentState.ts"
import { rememberedCommands } from "./CommentState.ts"

// Several events of one command count as one accepted command, known by the version of the last of them.
const remember = (
  accepted: ReadonlyArray<AcceptedCommand>,
  command: AcceptedCommand
): ReadonlyArray<AcceptedCommand> => {
  const others = accepted.at(-1)?.id === command.id ? accepted.slice(0, -1) : accepted
  return [...others.slice(-(rememberedCommands - 1)), command]
}

/**
 * The state after an event. Total: an event that cannot follow the state (which no store delivers, for versions are
 * contiguous and `decide` wrote them) leaves it as it is.
 */
export const evolve = (state: CommentState, event: RecordedEvent): CommentState => {
  const { commandId, fingerprint, occurredAt, version } = event
  const command: AcceptedCommand = { id: commandId, version, fingerprint }
  return CommentEvent.match(event.body, {
    CommentPosted: ({ authorId, pictureId, text }): CommentState =>
      state._tag !== "Absent" ? state : {
        _tag: "Active",
        pictureId,
        authorId,
        text,
        version,
        createdAt: occurredAt,
        changedAt: occurredAt,
        editedAt: null,
        posted: command,
        accepted: [command]
      },
    CommentEdited: ({ text }): CommentState =>
      state._tag !== "Active" ? state : {
        ...state,
        text,
        version,
        editedAt: occurredAt,
        changedAt: occurredAt,
        accepted: remember(state.accepted, command)
      },
    CommentDeleted: (): CommentState => {
      if (state._tag !== "Active") return state
      const { editedAt: _editedAt, text: _text, ...known } = state
      return { ...known, _tag: "Deleted", version, changedAt: occurredAt, accepted: remember(state.accepted, command) }
    }
  })
}
