import { configDefaults, defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    // They need the templates as Python tools translate them: see `npm run check:infra`.
    exclude: [...configDefaults.exclude, "test/infra/transformed/**"],
    globalSetup: "test/engines/globalSetup.ts",
    allowOnly: false,
    // What the emulators of DynamoDB are shown. No test ever uses real ones.
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_SESSION_TOKEN: "" },
    pool: "forks",
    maxWorkers: 2,
    // No test changes what another could see: a process for each worker is enough, and loads everything once.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
})
