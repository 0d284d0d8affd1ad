/**
 * ICE candidates in a few bytes: a kind, an address, a port.
 *
 *     kind (1) = 3 × (0 host, 1 server-reflexive, 2 relayed) + (0 IPv4, 1 IPv6, 2 mDNS)
 *     address (4, 16, or the 16 of a UUID, which browsers put before `.local` to hide a host's address)
 *     port (2, big-endian)
 *
 * Foundation and priority are made anew: they only have to be consistent (RFC 8445, section 5.1). Candidates over
 * TCP are left out, as are link-local addresses, which mean nothing without an interface.
 */
import { MAX_WAYS } from './messages.ts'

const TYPES = ['host', 'srflx', 'relay'] as const
/** RFC 8445, section 5.1.2.2. */
const PREFERENCE = { host: 126, srflx: 100, relay: 0 } as const

/** The candidates of a session description that are worth their bytes: the best of each kind first. */
export function packAll(sdp: string): Uint8Array<ArrayBuffer>[] {
  const lines = [...sdp.matchAll(/^a=candidate:(\S+) 1 udp (\d+) (\S+) (\d+) typ (\S+)/gim)]
  const best = lines.sort(([, , a], [, , b]) => Number(b) - Number(a))
  const kinds = new Map<number, Uint8Array<ArrayBuffer>[]>()
  const seen = new Set<string>()
  for (const [, , , address = '', port, type = ''] of best) {
    const packed = pack(type, address, Number(port))
    if (packed === undefined || seen.has(String(packed))) continue
    seen.add(String(packed))
    const kind = packed[0] as number
    kinds.set(kind, [...(kinds.get(kind) ?? []), packed])
  }
  const rounds = Math.max(0, ...[...kinds.values()].map(({ length }) => length))
  const turns = Array.from({ length: rounds }, (_, turn) =>
    [...kinds.values()].flatMap((kind) => kind[turn] ?? []),
  )
  return turns.flat().slice(0, MAX_WAYS)
}

/** A line of a session description, or `undefined` when those bytes are no candidate. */
export function unpack(bytes: Uint8Array, index: number): string | undefined {
  const [kind = 0xff] = bytes
  const type = TYPES[Math.floor(kind / 3)]
  const family = kind % 3
  const length = family === 0 ? 4 : 16
  if (type === undefined || bytes.byteLength !== length + 3) return undefined
  const address = bytes.subarray(1, 1 + length)
  const port = ((bytes[length + 1] as number) << 8) | (bytes[length + 2] as number)
  if (port === 0) return undefined
  const priority = PREFERENCE[type] * 2 ** 24 + (0xffff - index) * 2 ** 8 + 255
  const related = type === 'host' ? '' : ' raddr 0.0.0.0 rport 0'
  return `a=candidate:${index + 1} 1 udp ${priority} ${textOf(address, family)} ${port} typ ${type}${related}`
}

function pack(type: string, address: string, port: number): Uint8Array<ArrayBuffer> | undefined {
  const rank = TYPES.indexOf(type as (typeof TYPES)[number])
  const found = ipv4(address) ?? mdns(address) ?? ipv6(address)
  if (rank < 0 || found === undefined || !(port > 0 && port < 65_536)) return undefined
  return Uint8Array.of(3 * rank + found.family, ...found.bytes, port >> 8, port & 0xff)
}

interface Address {
  family: 0 | 1 | 2
  bytes: number[]
}

function ipv4(text: string): Address | undefined {
  const bytes = text.split('.').map(Number)
  const good = /^[\d.]+$/.test(text) && bytes.length === 4 && bytes.every((byte) => byte < 256)
  return good && !(bytes[0] === 169 && bytes[1] === 254) ? { family: 0, bytes } : undefined
}

function mdns(text: string): Address | undefined {
  const [, uuid] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.local$/i.exec(text) ?? []
  return uuid === undefined ? undefined : { family: 2, bytes: unhex(uuid.replaceAll('-', '')) }
}

function ipv6(text: string): Address | undefined {
  if (!/^[0-9a-f:]+$/i.test(text) || /^fe[89ab]/i.test(text)) return undefined
  const [head = '', tail, more] = text.split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const [first, last] = [groups(head), groups(tail ?? '')]
  const missing = 8 - first.length - last.length
  if (more !== undefined || missing < 0 || (tail === undefined && missing > 0)) return undefined
  const all = [...first, ...Array<string>(missing).fill('0'), ...last]
  return all.some((group) => group.length > 4)
    ? undefined
    : { family: 1, bytes: unhex(all.map((group) => group.padStart(4, '0')).join('')) }
}

function textOf(address: Uint8Array, family: number): string {
  if (family === 0) return address.join('.')
  const hex = [...address].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  if (family === 1) return (hex.match(/.{4}/g) ?? []).join(':')
  return `${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}.local`
}

function unhex(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))
}
