import { env } from "node:process"
import { configDefaults, defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    // They need the templates as Python tools translate them, or are about deployments: see `npm run check:infra`.
    exclude: [...configDefaults.exclude, "test/infra/transformed/**", "test/smoke/wholeSuite.test.ts"],
    globalSetup: "test/engines/globalSetup.ts",
    allowOnly: false,
    // Suites are left out for want of an engine, which is said at the start. On a build server that has failed by then.
    passWithNoTests: env["CI"] === undefined,
    // What the emulators of DynamoDB are shown. No test ever uses real ones.
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_SESSION_TOKEN: "" },
    pool: "forks",
    maxWorkers: 2,
    // The databases in WebAssembly are many and live for seconds: to optimise their code costs more than it saves so soon.
    execArgv: ["--wasm-tiering-budget=130000000"],
    // A process for each worker is enough, and loads everything once. What is the process' own, such as metrics, is compared
    // with what it was before.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
