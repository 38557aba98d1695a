import { PGlite, type PGliteOptions } from "@electric-sql/pglite"

type ExecArguments = Parameters<PGlite["execProtocolRawStream"]>
type OnRawData = ExecArguments[1]["onRawData"]

const codes = (types: string): ReadonlySet<number> => new Set(Buffer.from(types))

/** Parse, Bind, Describe, Execute and Close: nothing is due to the client until the Sync that ends them. */
const heldUntilSync = codes("PBDEC")

/** A startup packet has no type: it begins with the first byte of its length. */
const startup = 0

/** Answers are handed on in pieces of at least this many bytes, so that a long result isn't collected whole. */
const largeEnough = 64 * 1024

/**
 * PGlite, made for the socket server that hands it the messages of a connection one by one.
 *
 * The messages of one query are run together when its Sync arrives, and answered in one piece: that halves the time of a
 * short query. A query whose Sync never comes, since its connection is lost, is never run.
 */
export class PipelinedPGlite extends PGlite {
  private held: Array<Uint8Array> = []
  private readonly onFault: (fault: unknown) => void

  /** `onFault` hears of a fault of PGlite itself, after which the socket server would never serve anybody again. */
  constructor(options: PGliteOptions, onFault: (fault: unknown) => void) {
    super(options)
    this.onFault = onFault
  }

  override execProtocolRawStream(message: Uint8Array, options: ExecArguments[1]): Promise<void> {
    const type = message[0] ?? startup
    if (heldUntilSync.has(type)) {
      this.held.push(message)
      return Promise.resolve()
    }
    // A new connection begins with nothing of the one before it.
    const frame = type === startup ? message : new Uint8Array(Buffer.concat([...this.held, message]))
    this.held = []
    const answer = new Answer(options.onRawData)
    return super
      .execProtocolRawStream(frame, { ...options, onRawData: (data) => answer.add(data) })
      .then(() => answer.handOn(), this.onFault)
  }
}

/** Collects small pieces of an answer into larger ones. */
class Answer {
  private readonly onRawData: OnRawData
  private pieces: Array<Uint8Array> = []
  private size = 0

  constructor(onRawData: OnRawData) {
    this.onRawData = onRawData
  }

  add(data: Uint8Array): void {
    // What PGlite shows is a part of its own memory, which it writes over.
    this.pieces.push(data.slice())
    this.size += data.length
    if (this.size >= largeEnough) this.handOn()
  }

  handOn(): void {
    if (this.size === 0) return
    const whole = Buffer.concat(this.pieces)
    this.pieces = []
    this.size = 0
    this.onRawData(whole)
  }
}
