import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

// For `npm run smoke` only: one file, no engines. It isn't named as a test is, so that `npm test` doesn't know it.
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    environment: "node",
    include: ["test/smoke/deployment.ts"],
    allowOnly: false,
    maxWorkers: 1,
    // A deployment is far away, and a test may send hundreds of requests one after the other.
    testTimeout: 600_000,
    hookTimeout: 60_000,
    // What left a test out is told at the end.
    silent: "passed-only"
  }
})
