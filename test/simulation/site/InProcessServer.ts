import { Context, Deferred, Effect, Layer, Scope } from "effect"
import { HttpEffect, HttpServer, HttpServerRequest } from "effect/http"
import { NetAddress } from "effect/net"
import type { ReceivedAnswer, SentRequest } from "../history/History.ts"
import { receivedRequest, sentAnswer } from "./answerRequest.ts"

/** A server of a program that nobody reaches over a network: what its routes answer, without a socket. */
export class InProcessServer {
  #handle: (request: SentRequest) => Effect.Effect<ReceivedAnswer> = () => Effect.never

  /** In place of a program's server that listens. */
  readonly layer: Layer.Layer<HttpServer.HttpServer> = Layer.succeed(
    HttpServer.HttpServer,
    HttpServer.make({
      address: NetAddress.unixPathAddress("/simulated"),
      serve: (app) =>
        Effect.map(Effect.context<never>(), (context) => {
          // What is served outlives the fiber that began to serve, and runs where the program runs: on its clock, above all.
          const services = Context.omit(Scope.Scope)(context)
          this.#handle = (request) =>
            Effect.suspend(() => {
              const answer = Deferred.makeUnsafe<ReceivedAnswer>()
              const handled = HttpEffect.toHandled(app, (_request, response) =>
                Effect.flatMap(sentAnswer(response), (received) => Deferred.succeed(answer, received)))
              return handled.pipe(
                Effect.provideService(HttpServerRequest.HttpServerRequest, receivedRequest(request)),
                Effect.andThen(Deferred.await(answer)),
                Effect.provideContext(services)
              )
            })
        })
    })
  )

  /**
   * Answers a request, in a fiber of the program's own: as on a real connection, whoever gives up waiting interrupts what
   * can be interrupted and doesn't wait for the rest. No answer comes before the program serves.
   */
  readonly answer = (request: SentRequest): Effect.Effect<ReceivedAnswer> => this.#handle(request)
}
