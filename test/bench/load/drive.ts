import { connect } from "node:net"
import type { Socket } from "node:net"
import { type CpuTime, cpuTimeOfAll } from "../measure/cpuTime.ts"
import { Histogram } from "../measure/Histogram.ts"
import { type MachineTime, machineTime, ownCoreTime } from "../measure/machineUse.ts"
import type { Sample } from "../measure/Sample.ts"
import type { AimedRequest } from "../Row.ts"
import type { LoadJob, LoadReport } from "./LoadJob.ts"
import { ResponseReader } from "./ResponseReader.ts"

/** How long one answer may take, in ms, before the window counts as failed. */
const patience = 20_000

/** What the clocks said at one end of the window. */
interface Mark {
  readonly at: number
  readonly load: NodeJS.CpuUsage
  readonly server: CpuTime | null
  readonly machine: MachineTime
  readonly core: MachineTime | null
}

const markNow = (pids: ReadonlyArray<number>): Mark => ({
  at: performance.now(),
  load: process.cpuUsage(),
  server: cpuTimeOfAll(pids),
  machine: machineTime(),
  core: ownCoreTime()
})

// What remains of the machine's time without the server's and the load generator's own. All three are counted in ticks of
// their own, so a little less than nothing may remain.
const strangersShare = (begin: Mark, end: Mark, own: number): number => {
  const busy = end.machine.busy - begin.machine.busy
  const idle = end.machine.idle - begin.machine.idle
  return Math.max(0, busy - own) / (busy + idle)
}

const busyShare = (begin: MachineTime | null, end: MachineTime | null): number | null => {
  if (begin === null || end === null) return null
  const busy = end.busy - begin.busy
  return busy / Math.max(1, busy + end.idle - begin.idle)
}

const sampleOf = (begin: Mark, end: Mark, latencies: Histogram): Sample => {
  const millis = end.at - begin.at
  const requests = latencies.count
  const load = (end.load.user + end.load.system - begin.load.user - begin.load.system) / 1000
  const server = begin.server === null || end.server === null ? null : {
    mainThread: end.server.mainThread - begin.server.mainThread,
    otherThreads: end.server.otherThreads - begin.server.otherThreads
  }
  return {
    requests,
    seconds: millis / 1000,
    perSecond: (requests * 1000) / millis,
    p50Micros: latencies.quantile(0.5),
    p99Micros: latencies.quantile(0.99),
    maxMicros: latencies.largest,
    loadShare: load / millis,
    loadCoreShare: busyShare(begin.core, end.core),
    strangersShare: server === null ? null : strangersShare(begin, end, load + server.mainThread + server.otherThreads),
    server: server === null ? null : {
      mainThreadShare: server.mainThread / millis,
      otherThreadsShare: server.otherThreads / millis,
      microsPerRequest: ((server.mainThread + server.otherThreads) * 1000) / requests
    },
    settledAfterMillis: null
  }
}

/** One of the connections that count: at most one request is in flight on it. Each port has a socket of its own. */
interface Line {
  readonly sockets: Array<Socket | undefined>
  sentAt: number
  /** Where its request went, and the status that is waited for. */
  to: number
  status: number
}

/**
 * Sends requests over `job.connections` keep-alive connections, each with one in flight, as fast as they are answered: for
 * `job.warmUpSeconds` unmeasured, then for `job.seconds` measured. It ends when the last answer is in, so that nothing is
 * cut off. Any status but the expected one, a closed connection or an answer that takes too long ends it with an error.
 */
export const drive = (job: LoadJob, requests: (number: number) => AimedRequest): Promise<LoadReport> =>
  new Promise((resolve, reject) => {
    const latencies = new Histogram()
    const beginAt = performance.now() + job.warmUpSeconds * 1000
    const endAt = beginAt + job.seconds * 1000
    const lines: Array<Line> = []
    let next = job.first
    let working = job.connections
    let begin: Mark | undefined
    let end: Mark | undefined

    const close = ({ sockets }: Line) => {
      for (const socket of sockets) socket?.destroy()
    }

    const fail = (error: Error) => {
      for (const line of lines) close(line)
      reject(error)
    }

    const stop = (line: Line) => {
      close(line)
      if (--working > 0 || begin === undefined || end === undefined) return
      if (latencies.count === 0) return fail(new Error("No request was answered within the window"))
      resolve({ _tag: "Measured", sample: sampleOf(begin, end, latencies), next })
    }

    const write = (socket: Socket, request: AimedRequest["request"]) => {
      if (typeof request === "string") socket.write(request, "latin1")
      else socket.write(request)
    }

    const send = (line: Line) => {
      const { request, status, to } = requests(next++)
      line.status = status
      line.to = to
      const socket = line.sockets[to] ?? open(line, to)
      line.sentAt = performance.now()
      write(socket, request)
    }

    const answered = (line: Line, reader: ResponseReader) => {
      if (reader.status !== line.status) {
        return fail(new Error(`Status ${reader.status} instead of ${line.status}: ${reader.body}`))
      }
      const now = performance.now()
      if (begin === undefined && now >= beginAt) begin = markNow(job.pids)
      if (end === undefined && now >= endAt) end = markNow(job.pids)
      if (end !== undefined) return stop(line)
      if (begin !== undefined) latencies.record((now - line.sentAt) * 1000)
      send(line)
    }

    const open = (line: Line, to: number): Socket => {
      const reader = new ResponseReader()
      const received = (length: number, buffer: Uint8Array): boolean => {
        try {
          if (reader.push(Buffer.from(buffer.buffer, buffer.byteOffset, length))) answered(line, reader)
        } catch (error) {
          fail(error instanceof Error ? error : new Error(String(error)))
        }
        return true
      }
      const socket = connect({
        host: "127.0.0.1",
        port: job.ports[to] ?? job.ports[0],
        noDelay: true,
        onread: { buffer: Buffer.allocUnsafeSlow(64 * 1024), callback: received }
      })
      // A line's other sockets are idle, and a server may close such.
      socket.setTimeout(patience, () => {
        if (line.to === to) fail(new Error(`No answer for ${patience / 1000} s`))
      })
      socket.once("error", fail)
      socket.once("end", () => {
        if (line.to === to) return fail(new Error("The server closed a connection"))
        line.sockets[to] = undefined
      })
      line.sockets[to] = socket
      return socket
    }

    for (let i = 0; i < job.connections; i++) {
      const line: Line = { sockets: [], sentAt: 0, to: 0, status: 0 }
      lines.push(line)
      send(line)
    }
  })
