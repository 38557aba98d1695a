import { randomBytes } from "node:crypto"

/** A word that nobody else uses, and that stays the same in a URL and in JSON. */
export const newMarker = (): string => randomBytes(18).toString("hex")

const shortest = 12

// Where a text begins within a group of three bytes decides how base64 writes it; its first and last characters depend on
// what stands beside it.
const inBase64 = (text: string): ReadonlyArray<string> =>
  ["", "x", "xx"].flatMap((before) => {
    const whole = Buffer.from(`${before}${text}`).toString("base64")
    const inner = whole.slice(4, Math.floor((whole.length - 4) / 4) * 4)
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")]
  })

/** All that a piece of a marker may look like: as it is, in a URL, in JSON, in base64 and in hexadecimal digits. */
const shapesOf = (marker: string): ReadonlyArray<string> => [
  marker,
  encodeURIComponent(marker),
  JSON.stringify(marker).slice(1, -1),
  Buffer.from(marker).toString("hex"),
  ...inBase64(marker)
]

const piecesOf = (shape: string): ReadonlyArray<string> =>
  shape.length <= shortest
    ? [shape]
    : Array.from({ length: shape.length - shortest + 1 }, (_, at) => shape.slice(at, at + shortest))

/** Which of these markers a text has, in whatever shape, be it only 12 characters of one. */
export const markersIn = (
  text: string,
  markers: Readonly<Record<string, string>>
): ReadonlyArray<string> =>
  Object.entries(markers).flatMap(([name, marker]) =>
    shapesOf(marker).some((shape) => piecesOf(shape).some((piece) => text.includes(piece))) ? [name] : []
  )
