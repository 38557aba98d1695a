/**
 * The largest head of a request that API Gateway takes, in bytes: request line and headers together. The page of its quotas
 * speaks of the headers' values; names and line ends are counted here, too, so that what passes here passes there.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const maxGatewayHeaderBytes = 10_240

/** The largest request body that API Gateway takes, in bytes: 10 MB (the same page). */
export const maxGatewayBodyBytes = 10 * 1024 * 1024

/** The longest time-out that an integration of an HTTP API may have, in milliseconds (the same page). */
export const maxIntegrationTimeout = 30_000

/**
 * How long the gateway waits for a service, in milliseconds. Longer than the longest wait that a query may prefer, with
 * what a slow database adds to it; shorter than the balancer's 60 s, so that one of the two decides, and always the same.
 */
export const integrationTimeout = 15_000

/** The header that tells a service its client's address. The gateway overwrites whatever the client put there. */
export const clientAddressHeader = "x-client-ip"

/** The header that the gateway's own request id has, on every answer that came through it. */
export const gatewayRequestIdHeader = "apigw-requestid"
