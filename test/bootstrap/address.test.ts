import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import {
  addressGroup,
  clientAddress,
  proxyList,
  requestUrl,
  urlToMultiaddr,
} from '../../bootstrap/address.ts'

const proxies = proxyList(['10.0.0.0/8', '::1'])

describe('who is asking', () => {
  it.each([
    ['the socket, whatever a stranger claims', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['the one a trusted proxy saw', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the last that no trusted proxy holds', '10.0.0.1', '6.6.6.6, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['the proxy, if it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['the proxy, if it says nonsense', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['IPv4 on a dual-stack socket', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['IPv6 without its zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ])('is %s', (_, remoteAddress, forwarded, client) => {
    expect(clientAddress(request(remoteAddress, { forwarded }), proxies)).toBe(client)
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ])('is counted: %s as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group)
  })
})

describe('where we are', () => {
  it.each([
    ['https://example.org', '/dns/example.org/tcp/443/tls/ws'],
    ['http://localhost:8080', '/dns/localhost/tcp/8080/ws'],
    ['http://192.0.2.1', '/ip4/192.0.2.1/tcp/80/ws'],
    ['https://[2001:db8::1]:8443', '/ip6/2001:db8::1/tcp/8443/tls/ws'],
  ])('%s is %s', (url, address) => {
    expect(urlToMultiaddr(url)).toBe(address)
  })

  it('is where the asker thinks, with TLS only if a trusted proxy says so', () => {
    const https = { host: 'example.org', proto: 'https' }
    expect(requestUrl(request('10.0.0.1', https), proxies)?.href).toBe('https://example.org/')
    expect(requestUrl(request('203.0.113.9', https), proxies)?.href).toBe('http://example.org/')
  })

  it.each(['', 'a@b', 'example.org/x', 'exa mple.org', 'a?b', 'x'.repeat(256)])(
    'is not at Host: %j',
    (host) => {
      expect(requestUrl(request('203.0.113.9', { host }), proxies)).toBeUndefined()
    },
  )
})

function request(
  remoteAddress: string,
  { forwarded, host, proto }: { forwarded?: string | undefined; host?: string; proto?: string },
): IncomingMessage {
  return {
    socket: { remoteAddress },
    headers: { host, 'x-forwarded-proto': proto },
    headersDistinct: { 'x-forwarded-for': forwarded === undefined ? undefined : [forwarded] },
  } as unknown as IncomingMessage
}
