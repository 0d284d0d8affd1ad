/**
 * How deep a MessagePack value is nested, read from its bytes before anything is built of them.
 *
 * The decoder allocates a list as soon as its length is declared. Each list is capped, but a chain of lists
 * that each declare 256 entries and hold only the next costs 2 kB for every 3 bytes: 80 kB made 58 MB. With
 * the depth known to be small, a message costs memory in proportion to its bytes. The format is
 * https://github.com/msgpack/msgpack/blob/master/spec.md; whether it is well-formed, the decoder says.
 */

/** Whether lists and maps are nested more than `max` levels deep. Stops where the bytes end or make no sense. */
export function deeperThan(bytes: Uint8Array, max: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  /** For each open list or map, how many values are still to come. */
  const open: number[] = []
  let at = 0
  while (at < bytes.byteLength) {
    const { values, skip } = head(view, at)
    at += skip
    if (open.length > 0) open.push((open.pop() ?? 0) - 1)
    if (values > 0) open.push(values)
    if (open.length > max) return true
    while (open.at(-1) === 0) open.pop()
  }
  return false
}

interface Head {
  /** Values inside: entries of a list, keys and values of a map, otherwise 0. */
  values: number
  /** Bytes to the next value: the first inside of this one, or the one after it. */
  skip: number
}

function head(view: DataView, at: number): Head {
  const byte = view.getUint8(at)
  if (byte <= 0x7f || byte >= 0xe0) return { values: 0, skip: 1 }
  if (byte <= 0x8f) return { values: (byte & 0x0f) * 2, skip: 1 }
  if (byte <= 0x9f) return { values: byte & 0x0f, skip: 1 }
  if (byte <= 0xbf) return { values: 0, skip: 1 + (byte & 0x1f) }
  /** A big-endian length of `width` bytes after the head; 0 if the bytes end before it does. */
  const length = (width: 1 | 2 | 4): number => {
    if (at + 1 + width > view.byteLength) return 0
    if (width === 1) return view.getUint8(at + 1)
    return width === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1)
  }
  switch (byte) {
    case 0xc4: // bin 8, str 8
    case 0xd9:
      return { values: 0, skip: 2 + length(1) }
    case 0xc5: // bin 16, str 16
    case 0xda:
      return { values: 0, skip: 3 + length(2) }
    case 0xc6: // bin 32, str 32
    case 0xdb:
      return { values: 0, skip: 5 + length(4) }
    case 0xc7: // ext 8, 16, 32
      return { values: 0, skip: 3 + length(1) }
    case 0xc8:
      return { values: 0, skip: 4 + length(2) }
    case 0xc9:
      return { values: 0, skip: 6 + length(4) }
    case 0xdc: // array 16, 32
      return { values: length(2), skip: 3 }
    case 0xdd:
      return { values: length(4), skip: 5 }
    case 0xde: // map 16, 32
      return { values: length(2) * 2, skip: 3 }
    case 0xdf:
      return { values: length(4) * 2, skip: 5 }
    default:
      return { values: 0, skip: FIXED[byte - 0xca] ?? 1 }
  }
}

/** Bytes of the values of fixed size from 0xca on: floats 32 and 64, uint 8 to 64, int 8 to 64, fixext 1 to 16. */
const FIXED = [5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18]
