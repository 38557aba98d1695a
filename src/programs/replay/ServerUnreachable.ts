import * as HttpClientError from "effect/http/HttpClientError"
import * as Schema from "effect/Schema"

/** Nobody answers at the server's address. */
export class ServerUnreachable extends Schema.TaggedError<ServerUnreachable>()("ServerUnreachable", {
  url: Schema.String
}) {
  override get message(): string {
    return `${this.url} can't be reached. Once the server runs there, send the file again: what was done is recognised.`
  }
}

/** Whether a request failed without anybody having answered it. */
export const isUnanswered = (error: unknown): boolean =>
  HttpClientError.isHttpClientError(error) && error.reason._tag === "TransportError"
