import { defineConfig, mergeConfig } from "vitest/config"
import usual from "../../vitest.config.ts"

// What needs the templates as the SAM translator leaves them, and the smoke test as it is for a deployment:
// `npm run check:infra` makes the former, and then runs this.
const { include: _include, exclude: _exclude, ...test } = usual.test ?? {}

export default mergeConfig(
  { ...usual, test },
  defineConfig({ test: { include: ["test/infra/transformed/**/*.test.ts", "test/smoke/wholeSuite.test.ts"] } })
)
