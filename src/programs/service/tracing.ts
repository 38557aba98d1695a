import type * as Layer from "effect/Layer"
import * as Tracing from "../../platform/Tracing.ts"
import type { TracingSettings } from "../../platform/tracingSettings.ts"
import { untraced } from "./untraced.ts"

/** Traces, if there is somewhere to send them to. */
export const tracing = (service: string, settings: TracingSettings | undefined): Layer.Layer<never> =>
  settings === undefined ? untraced : Tracing.layer(service, settings)
