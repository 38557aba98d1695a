import { Effect, Option, Schema, type Scope } from "effect"
import { type IncomingMessage, request, type ServerResponse } from "node:http"
import { serve } from "../../support/serve.ts"
import { type Call, callsOf, streamOf } from "./actions.ts"

const Answer = Schema.Struct({
  ShardIterator: Schema.optionalKey(Schema.String),
  NextShardIterator: Schema.optionalKey(Schema.String)
})
const decodeAnswer = Schema.decodeUnknownOption(Schema.fromJsonString(Answer))
const decodeAsked = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({
      StreamArn: Schema.optionalKey(Schema.String),
      ShardIterator: Schema.optionalKey(Schema.String)
    })
  )
)

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => Buffer.concat(await Array.fromAsync(message))

/** Hands a request on to the engine, and its answer back; gives the answer. */
const forward = (engine: string, message: IncomingMessage, body: Buffer, response: ServerResponse) =>
  new Promise<Buffer>((resolve, reject) => {
    const { headers, method, url } = message
    const onward = request(new URL(url ?? "/", engine), { method, headers }, (answer) => {
      bodyOf(answer).then((answered) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers).end(answered)
        resolve(answered)
      }, reject)
    })
    onward.once("error", reject).end(body)
  })

/** Writes down what programs ask of DynamoDB. */
export interface CallRecorder {
  /** A way to an engine for one program, until the scope ends. */
  readonly endpoint: (program: string, engine: string) => Effect.Effect<string, never, Scope.Scope>
  /** What a program has been seen to do, each call once, in an order of their own. */
  readonly callsBy: (program: string) => ReadonlyArray<Call>
}

// Tests give their tables names that nobody else has.
const withoutId = (resource: string): string => resource.replace(/-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "")

export const makeCallRecorder = (): CallRecorder => {
  const seen = new Map<string, Map<string, Call>>()

  const record = (program: string, calls: ReadonlyArray<Call>): void => {
    const before = seen.get(program) ?? new Map<string, Call>()
    for (const { action, resource } of calls) {
      const call = { action, resource: withoutId(resource) }
      before.set(`${call.action} ${call.resource}`, call)
    }
    seen.set(program, before)
  }

  const recording = (program: string, engine: string) => {
    const iterators = new Map<string, string>()
    return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await bodyOf(message)
      const text = body.toString()
      // Before it is done: what is refused was asked for all the same.
      record(program, callsOf(String(message.headers["x-amz-target"]), text, iterators))
      const answered = Option.getOrElse(
        decodeAnswer((await forward(engine, message, body, response)).toString()),
        () => ({})
      )
      const asked = Option.getOrUndefined(decodeAsked(text))
      const stream = asked?.StreamArn === undefined
        ? iterators.get(asked?.ShardIterator ?? "")
        : streamOf(asked.StreamArn)
      for (const iterator of Object.values(answered)) if (stream !== undefined) iterators.set(iterator, stream)
    }
  }

  return {
    callsBy: (program) =>
      [...(seen.get(program) ?? new Map<string, Call>()).entries()]
        .toSorted(([one], [other]) => one < other ? -1 : 1)
        .map(([, call]) => call),
    endpoint: Effect.fnUntraced(function*(program, engine) {
      const answer = recording(program, engine)
      const { url } = yield* serve((message, response) => {
        answer(message, response).catch(() => response.destroy())
      })
      return url
    })
  }
}
