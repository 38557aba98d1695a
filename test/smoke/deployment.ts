import { Layer } from "effect"
import { beforeEach, inject } from "vitest"
import { httpSuite } from "../http/suite.ts"
import { Target } from "../http/Target.ts"
import { makeCast } from "./cast.ts"
import type { Speakers } from "./Speaker.ts"

declare module "vitest" {
  export interface ProvidedContext {
    /** The deployment that is being tested, and whom its tokens speak for. */
    readonly deployment: { readonly url: string; readonly speakers: Speakers }
  }
}

const { speakers, url } = inject("deployment")
const { begin, people, token } = makeCast(speakers)

beforeEach((test) => {
  // Every other suite runs whole. This one can't where a deployment's tokens don't allow it, and `runSuite` tells each.
  begin((reason) => test.skip(reason))
})

httpSuite(url, Layer.succeed(Target, { url, token, people }))
