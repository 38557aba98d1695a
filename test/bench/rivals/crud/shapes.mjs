// JSON Schema: requests are checked by it (ajv), answers are written by it (fast-json-stringify).

const nullableString = { anyOf: [{ type: "string" }, { type: "null" }] }

export const comment = {
  type: "object",
  properties: {
    id: { type: "string" },
    pictureId: { type: "string" },
    authorId: { type: "string" },
    text: { type: "string" },
    version: { type: "integer" },
    createdAt: { type: "string" },
    editedAt: nullableString
  }
}

export const page = {
  type: "object",
  properties: { items: { type: "array", items: comment }, nextCursor: nullableString, count: { type: "integer" } }
}

export const count = {
  type: "object",
  properties: { pictureId: { type: "string" }, count: { type: "integer" } }
}

export const text = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1, maxLength: 10_000 } }
}

export const picture = {
  type: "object",
  properties: { pictureId: { type: "string", pattern: "^[A-Za-z0-9._:-]{1,128}$" } }
}

export const id = { type: "object", properties: { id: { type: "string", format: "uuid" } } }

export const pageQuery = {
  type: "object",
  additionalProperties: false,
  properties: {
    order: { type: "string", enum: ["newest", "oldest"], default: "newest" },
    limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
    cursor: { type: "string" }
  }
}
