import { defineConfig, mergeConfig } from "vitest/config"
import usual from "../../vitest.config.ts"

// What needs the templates as the SAM translator leaves them: `npm run check:infra` makes those, and then runs this.
const { include: _include, exclude: _exclude, ...test } = usual.test ?? {}

export default mergeConfig(
  { ...usual, test },
  defineConfig({ test: { include: ["test/infra/transformed/**/*.test.ts"] } })
)
