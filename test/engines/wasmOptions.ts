import process from "node:process"

/** What Node is told here about code in WebAssembly, for the processes that a test starts. */
export const wasmOptions: ReadonlyArray<string> = process.execArgv.filter((option) => option.startsWith("--wasm-"))
