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

const deleted: Readonly<Record<string, Link>> = {
  history: {
    operationId: "queries.history",
    description: "What had happened to it.",
    parameters: { commentId: "$request.path.commentId", ...token }
  }
}

const status: Readonly<Record<string, Link>> = {
  status: {
    operationId: "acceptedCommands.commandStatus",
    description: "What came of it.",
    parameters: { commandId: "$response.body#/id" }
  }
}

const ofPicture = (id: string): Readonly<Record<string, Link>> => ({
  list: { operationId: "queries.picturePage", description: "The picture's comments.", parameters: { pictureId: id } },
  count: {
    operationId: "queries.pictureCount",
    description: "How many comments the picture has.",
    parameters: { pictureId: id }
  },
  post: {
    operationId: "commands.postComment",
    description: "To post another comment on the picture.",
    parameters: { pictureId: id }
  }
})

const first = (id: string) => ({
  first: toComment("queries.comment", "The first comment of the page, where there is one.", id)
})

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
    case "commands.deleteComment 204":
      return deleted
    case "queries.picturePage 200":
      return { ...next("queries.picturePage", "pictureId"), ...first("$response.body#/items/0/id") }
    case "queries.authorPage 200":
      return { ...next("queries.authorPage", "userId"), ...first("$response.body#/items/0/id") }
    case "queries.pictureCount 200":
      return ofPicture("$response.body#/pictureId")
    case "queries.pictureCounts 200":
      return ofPicture("$response.body#/items/0/pictureId")
    case "queries.comment 200":
      return { ...comment("$response.body#/id"), ...ofPicture("$response.body#/pictureId") }
    default:
      return undefined
  }
}
