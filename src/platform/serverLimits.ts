/** The largest head of a request, in bytes: request line and all headers together. */
export const maxHeaderBytes = 16 * 1024

/** How many headers a request may have. Node would leave out what is above 2,000, without a word. */
export const maxHeaders = 200

/** How many connections are open at once. More are closed at once, without an answer, and counted. */
export const maxConnections = 10_000

/** How many requests of one connection may wait for their answers to leave. Whoever sends more in one go, or without reading, is cut off. */
export const maxPipelined = 256

/** How long a client may take for its request's headers, in milliseconds. */
export const headersTimeout = 10_000

/** How long a client may take for its whole request, in milliseconds. */
export const requestTimeout = 30_000

/** How long a request and its answer may take together, in milliseconds: from its headers until the answer is handed over. */
export const exchangeTimeout = 60_000
