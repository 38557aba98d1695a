import type { Link } from "./Document.ts"

const toComment = (operationId: string, description: string, id: string): Link => ({
  operationId,
  description,
  parameters: { commentId: id }
})

const comment = (id: string): Readonly<Record<string, Link>> => ({
  read: toComment("queries.comment", "The comment, as queries see it.", id),
  history: toComment("queries.history", "What has happened to it.", id),
  edit: toComment("commands.editComment", "To change its text.", id),
  delete: toComment("commands.deleteComment", "To delete it.", id)
})

const token = { "header.Consistency-Token": "$response.header.Consistency-Token" }

const posted: Readonly<Record<string, Link>> = {
  ...comment("$response.body#/id"),
  list: {
    operationId: "queries.picturePage",
    description: "The picture's comments, this one among them.",
    parameters: { pictureId: "$response.body#/pictureId", ...token }
  },
  author: {
    operationId: "queries.authorPage",
    description: "The author's comments, this one among them.",
    parameters: { userId: "$response.body#/authorId", ...token }
  }
}

const status: Readonly<Record<string, Link>> = {
  status: {
    operationId: "acceptedCommands.commandStatus",
    description: "What came of it.",
    parameters: { commandId: "$response.body#/id" }
  }
}

const next = (operationId: string, parameter: string): Readonly<Record<string, Link>> => ({
  next: {
    operationId,
    description: "The next page, where there is one.",
    parameters: { [parameter]: `$request.path.${parameter}`, cursor: "$response.body#/nextCursor" }
  }
})

/** Where the answer of an operation leads, by the operation's id and the answer's status. */
export const linksOf = (operationId: string, answer: number): Readonly<Record<string, Link>> | undefined => {
  if (answer === 202) return status
  switch (`${operationId} ${answer}`) {
    case "commands.postComment 201":
      return posted
    case "commands.editComment 200":
      return comment("$response.body#/id")
    case "queries.picturePage 200":
      return next("queries.picturePage", "pictureId")
    case "queries.authorPage 200":
      return next("queries.authorPage", "userId")
    default:
      return undefined
  }
}
