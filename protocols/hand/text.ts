/**
 * What people give each other: `meet=` and, in base32 (RFC 4648, no padding), a version, a signature, a message.
 *
 *     version (1) = 1, signature (64) of the message by its `from`, message in MessagePack
 *
 * Base32 has one case and no signs, so that it survives every messenger, and in a QR code its letters take 5.5 bits
 * each. `meet=…` stands in a link behind the `#`, or alone.
 */
import { wire } from './messages.ts'

export const VERSION = 1
export const SIGNATURE_BYTES = 64
/** Characters of base32 that one can have. */
export const MAX_TEXT = Math.ceil(((1 + SIGNATURE_BYTES + wire.maxBytes) * 8) / 5)
/** A text in which one is looked for: with what people write around it (guess). */
export const MAX_PASTED = 16_384

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export type TextFault =
  | 'not-one' // no `meet=` in it
  | 'damaged' // cut off or altered
  | 'too-large'
  | 'newer' // of a later version

export interface Signed {
  signature: Uint8Array
  message: Uint8Array
}

/** `meet=…` */
export function write({ signature, message }: Signed): string {
  return `meet=${base32(Uint8Array.of(VERSION, ...signature, ...message))}`
}

/** The one in a pasted text, be it a link or a sentence around it; nothing of it is checked beyond its form. */
export function find(pasted: string): Signed | TextFault {
  if (pasted.length > MAX_PASTED) return 'too-large'
  const [, letters] = /(?:^|[^A-Za-z0-9])meet=([A-Za-z2-7]*)/i.exec(pasted) ?? []
  if (letters === undefined) return 'not-one'
  if (letters.length > MAX_TEXT) return 'too-large'
  const bytes = unbase32(letters.toUpperCase())
  if (bytes === undefined || bytes.byteLength <= 1 + SIGNATURE_BYTES) return 'damaged'
  if (bytes[0] !== VERSION) return 'newer'
  return {
    signature: bytes.slice(1, 1 + SIGNATURE_BYTES),
    message: bytes.slice(1 + SIGNATURE_BYTES),
  }
}

function base32(bytes: Uint8Array): string {
  let [text, bits, value] = ['', 0, 0]
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += LETTERS[(value >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + LETTERS[(value << (5 - bits)) & 31] : text
}

/** `undefined` when there is a letter too many, or its spare bits are not zero. */
function unbase32(text: string): Uint8Array | undefined {
  const bytes: number[] = []
  let [bits, value] = [0, 0]
  for (const letter of text) {
    value = ((value << 5) | LETTERS.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return bits >= 5 || (value & ((1 << bits) - 1)) !== 0 ? undefined : Uint8Array.from(bytes)
}
