/**
 * Who is asking, and where we can be reached: IP addresses, URLs and multiaddrs, as pure functions.
 *
 * Law: a header that a client can write is believed only as far as a chain of trusted proxies wrote it.
 */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** A set of addresses and ranges. @throws TypeError at an entry that is neither. */
export function proxyList(entries: readonly string[]): BlockList {
  const set = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (isIP(address) === 0 || rest.length > 0) throw new TypeError(`not an IP address or range: ${entry}`)
    if (bits === undefined) set.addAddress(address, family)
    else if (/^\d+$/.test(bits)) set.addSubnet(address, Number(bits), family)
    else throw new TypeError(`not a range: ${entry}`)
  }
  return set
}

/**
 * The address of the client: of the socket, or, if that is a trusted proxy, the rightmost entry of
 * `X-Forwarded-For` that no trusted proxy holds. An entry that is no address ends the search.
 */
export function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  let client = plain(request.socket.remoteAddress ?? '')
  const chain = (request.headersDistinct['x-forwarded-for'] ?? []).join(',').split(',')
  while (isTrusted(client, proxies)) {
    const next = plain(chain.pop()?.trim() ?? '')
    if (isIP(next) === 0) break
    client = next
  }
  return client
}

/** The scheme and host by which the client knows us; `undefined` when `Host` is not one. */
export function requestUrl(request: IncomingMessage, proxies: BlockList): URL | undefined {
  const trusted = isTrusted(plain(request.socket.remoteAddress ?? ''), proxies)
  const forwarded = trusted && request.headers['x-forwarded-proto'] === 'https'
  const host = request.headers.host ?? ''
  // Nothing but a host and a port, so that no credentials or path slip into the URL.
  if (!/^[\w.:[\]-]{1,255}$/.test(host)) return undefined
  return URL.parse(`${forwarded ? 'https' : 'http'}://${host}`) ?? undefined
}

/** What connections are counted by: an IPv4 address, or the /64 of an IPv6 one, which is one customer. */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return `${[...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':')}::/64`
}

/** `https://example.org` → `/dns/example.org/tcp/443/tls/ws`. @throws TypeError when it is no such URL. */
export function urlToMultiaddr(url: string | URL): string {
  const { protocol, hostname, port, pathname, search, hash, username } = new URL(url)
  const secure = protocol === 'https:'
  if (!secure && protocol !== 'http:') throw new TypeError(`neither http nor https: ${url}`)
  if (pathname !== '/' || search || hash || username) throw new TypeError(`more than a host: ${url}`)
  return `${hostPart(hostname)}/tcp/${port || (secure ? 443 : 80)}${secure ? '/tls' : ''}/ws`
}

/** `host` as the beginning of a multiaddr; IPv6 with or without brackets. */
export function hostPart(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIPv4(bare) ? 'ip4' : isIPv6(bare) ? 'ip6' : 'dns'
  return `/${family}/${bare}`
}

/** IPv4 that arrives on a dual-stack socket is IPv4 all the same; a zone (`%eth0`) is no part of an address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}

function isTrusted(address: string, proxies: BlockList): boolean {
  return isIP(address) !== 0 && proxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
