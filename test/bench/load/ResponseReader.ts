const headEnd = Buffer.from("\r\n\r\n")
const bodyless = new Set([204, 304])

/**
 * Reads the answers of one keep-alive connection with one request in flight: no more of HTTP than the status and where the
 * body ends. Answers must say their length; a chunked one is refused.
 */
export class ResponseReader {
  #held: Buffer = Buffer.alloc(0)
  #bodyLeft = -1
  #status = 0
  #body = ""

  /** The status of the last complete answer. */
  get status(): number {
    return this.#status
  }

  /** The beginning of the last answer's body, for messages: as much of it as came with the head. */
  get body(): string {
    return this.#body
  }

  /** Takes what has arrived, and tells whether the answer is complete with it. The bytes may be overwritten afterwards. */
  push(bytes: Buffer): boolean {
    if (this.#bodyLeft >= 0) return this.#takeBody(bytes.length)
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const end = all.indexOf(headEnd)
    if (end < 0) {
      this.#held = Buffer.from(all)
      return false
    }
    this.#held = Buffer.alloc(0)
    const head = all.toString("latin1", 0, end)
    this.#status = Number(head.slice(9, 12))
    this.#bodyLeft = this.#lengthSaidBy(head)
    const bodyAt = end + headEnd.length
    this.#body = this.#status < 400 ? "" : all.toString("utf8", bodyAt, bodyAt + 400)
    return this.#takeBody(all.length - bodyAt)
  }

  #lengthSaidBy(head: string): number {
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length !== undefined) return Number(length)
    if (bodyless.has(this.#status)) return 0
    throw new Error(`An answer doesn't say how long it is:\n${head}`)
  }

  #takeBody(length: number): boolean {
    this.#bodyLeft -= length
    if (this.#bodyLeft > 0) return false
    if (this.#bodyLeft < 0) throw new Error(`${-this.#bodyLeft} bytes follow an answer, though no request was sent`)
    this.#bodyLeft = -1
    return true
  }
}
