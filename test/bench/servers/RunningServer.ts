/** A server that is ready, on 127.0.0.1. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
}
