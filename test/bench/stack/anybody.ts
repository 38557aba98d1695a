/** Tables of a benchmark. */
export const tables = { events: "bench-events", inbox: "bench-inbox" }

/** An engine that isn't AWS wants a region and a key, and looks at neither. */
export const anybody = {
  region: "local",
  credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  environment: { AWS_REGION: "local", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" }
}
