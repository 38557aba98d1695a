/** A server that is ready, on 127.0.0.1. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** Where development tokens are asked for, if not there. */
  readonly tokens?: string
  /** Where queries are asked, if not there. */
  readonly queries?: string
  /** The engines that it runs on, for its twin to use the same. */
  readonly engines?: Readonly<Record<string, string>>
}
