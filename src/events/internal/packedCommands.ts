import { Buffer } from "node:buffer"
import type { AcceptedCommand } from "../../domain/CommentState.ts"
import { hexOfUuid, uuidFromHex } from "../../domain/uuidHex.ts"

// A command is its distance in versions from the snapshot's version, twice, plus one if there is a fingerprint, as an
// unsigned LEB128 number (one byte in all but a few cases); the 16 bytes of its id; the 9 bytes of its fingerprint.
const idBytes = 16
const fingerprintBytes = 9
const largestEntry = 5 + idBytes + fingerprintBytes

/** What a packed command holds, not yet checked against the schemas. */
export interface UnpackedCommand {
  readonly id: string
  readonly version: number
  readonly fingerprint: string | null
}

/** Commands of a state at `version`, in 17 bytes each, or 26 with a fingerprint. */
export const packCommands = (commands: ReadonlyArray<AcceptedCommand>, version: number): Buffer => {
  const bytes = Buffer.allocUnsafe(commands.length * largestEntry)
  let end = 0
  for (const { fingerprint, id, version: its } of commands) {
    let rest = (version - its) * 2 + (fingerprint === null ? 0 : 1)
    while (rest > 0x7f) {
      end = bytes.writeUInt8((rest % 0x80) + 0x80, end)
      rest = Math.floor(rest / 0x80)
    }
    end = bytes.writeUInt8(rest, end)
    end += bytes.write(hexOfUuid(id), end, "hex")
    if (fingerprint !== null) end += bytes.write(fingerprint, end, "base64url")
  }
  return bytes.subarray(0, end)
}

/** The commands that `packCommands` packed; null if these aren't bytes of its making. */
export const unpackCommands = (bytes: Buffer, version: number): ReadonlyArray<UnpackedCommand> | null => {
  const commands: Array<UnpackedCommand> = []
  let at = 0
  while (at < bytes.length) {
    let head = 0
    let unit = 1
    let more = true
    while (more) {
      const byte = bytes[at++]
      if (byte === undefined) return null
      head += (byte % 0x80) * unit
      unit *= 0x80
      more = byte > 0x7f
    }
    const end = at + idBytes + (head % 2 === 0 ? 0 : fingerprintBytes)
    if (end > bytes.length) return null
    commands.push({
      id: uuidFromHex(bytes.toString("hex", at, at + idBytes)),
      version: version - Math.floor(head / 2),
      fingerprint: head % 2 === 0 ? null : bytes.toString("base64url", at + idBytes, end)
    })
    at = end
  }
  return commands
}
