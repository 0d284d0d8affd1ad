import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { readDoorplate } from '#protocols/introduction/index'
import type { Bootstrap } from '../../bootstrap/index.ts'
import { folder, metric, open } from './harness.ts'

describe('the front door, over HTTP', () => {
  it('serves the page under a policy that lets nothing but its own files run', async () => {
    const bootstrap = await open({ page: await page() })
    const response = await get(bootstrap, '/')
    expect(response).toMatchObject({ status: 200, body: '<!doctype html>' })
    expect(response.headers['cache-control']).toBe('no-cache')
    expect(response.headers['x-content-type-options']).toBe('nosniff')
    expect(response.headers['referrer-policy']).toBe('no-referrer')
    const policy = String(response.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
  })

  it('lets files with a hash in their name be kept for ever', async () => {
    const bootstrap = await open({ page: await page() })
    const { headers } = await get(bootstrap, '/assets/main-abc123.js')
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-type']).toMatch(/^text\/javascript/)
  })

  it('says how to build the page when there is none', async () => {
    const bootstrap = await open({ page: join(await folder(), 'none') })
    const { status, body } = await get(bootstrap, '/')
    expect(status).toBe(503)
    expect(body).toContain('npm run build')
  })

  it('tells at /introduction who it is, what it speaks, and the address that led there', async () => {
    const bootstrap = await open()
    const { status, headers, body } = await get(bootstrap, '/introduction', { host: 'nest.example:81' })
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^application\/json/)
    const { peerId } = bootstrap
    expect(readDoorplate(JSON.parse(body))).toEqual({
      lowest: 1,
      highest: 1,
      peerId,
      addresses: [`/dns/nest.example/tcp/81/ws/p2p/${peerId}`],
    })
  })

  it('announces what it is told to, and TLS when a trusted proxy says that it does that', async () => {
    const announced = await open({ announce: ['https://nest.example', 'http://192.0.2.1:8080'] })
    const forwarded = { host: 'nest.example', 'x-forwarded-proto': 'https' }
    expect(await addresses(announced)).toEqual([
      '/dns/nest.example/tcp/443/tls/ws',
      '/ip4/192.0.2.1/tcp/8080/ws',
    ])
    const proxied = await open({ trustedProxies: ['127.0.0.1'] })
    expect(await addresses(proxied, forwarded)).toEqual(['/dns/nest.example/tcp/443/tls/ws'])
    const direct = await open()
    expect(await addresses(direct, forwarded)).toEqual(['/dns/nest.example/tcp/80/ws'])
  })

  it('lets pages of allowed origins read the introduction, and no others', async () => {
    const bootstrap = await open({ origins: ['https://friend.example'] })
    const friend = await get(bootstrap, '/introduction', { origin: 'https://friend.example' })
    expect(friend.headers['access-control-allow-origin']).toBe('https://friend.example')
    expect(friend.headers['vary']).toBe('Origin')
    const stranger = await get(bootstrap, '/introduction', { origin: 'https://stranger.example' })
    expect(stranger.status).toBe(403)
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('is alive, ready, and counted', async () => {
    const bootstrap = await open()
    expect((await get(bootstrap, '/healthz')).status).toBe(200)
    expect((await get(bootstrap, '/readyz')).status).toBe(200)
    const { headers, body } = await get(bootstrap, '/metrics')
    expect(headers['content-type']).toContain('version=0.0.4')
    expect(body).toContain('colonia_connections 0')
    expect(body).toContain('colonia_http_requests_total{route="readyz",status="2xx"} 1')
  })

  it('knows nothing else, and makes no label of what it is asked for', async () => {
    const bootstrap = await open({ page: await page() })
    for (let i = 0; i < 5; i++) expect((await get(bootstrap, `/${i}`)).status).toBe(404)
    expect((await get(bootstrap, '/../package.json')).status).toBe(404)
    expect((await get(bootstrap, '/%2e%2e/%2e%2e/etc/passwd')).status).toBe(404)
    expect((await get(bootstrap, '/%')).status).toBe(404)
    expect(await metric(bootstrap, 'colonia_http_requests_total{route="none",status="4xx"}')).toBe(8)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s with what is allowed', async (method) => {
    const { status, headers } = await get(await open(), '/introduction', {}, method)
    expect(status).toBe(405)
    expect(headers['allow']).toBe('GET, HEAD')
  })

  it('answers HEAD without a body', async () => {
    const { status, body } = await get(await open(), '/introduction', {}, 'HEAD')
    expect({ status, body }).toEqual({ status: 200, body: '' })
  })

  it('refuses a URL or headers that are too long', async () => {
    const bootstrap = await open()
    expect((await get(bootstrap, `/${'x'.repeat(1024)}`)).status).toBe(414)
    expect((await get(bootstrap, '/', { cookie: 'x'.repeat(9000) })).status).toBe(431)
  })

  it('hangs up on a client that dribbles its headers', async () => {
    const bootstrap = await open({ handshakeSeconds: 0.1 })
    const socket = connect(bootstrap.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /)
  })

  it('answers garbage with 400 and no stack', async () => {
    const bootstrap = await open()
    const socket = connect(bootstrap.port, '127.0.0.1')
    socket.write('\x16\x03\x01 not http\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).not.toMatch(/at |node:|\.ts/)
  })
})

interface Answer {
  status: number | undefined
  headers: NodeJS.Dict<string | string[]>
  body: string
}

/** Not `fetch`, which would mend the path and refuse to send `Host` and `Origin`. */
function get(bootstrap: Bootstrap, path: string, headers = {}, method = 'GET'): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const asked = request({ host: '127.0.0.1', port: bootstrap.port, path, method, headers, agent: false })
  asked.on('error', reject).end()
  asked.on('response', async (response) => {
    resolve({ status: response.statusCode, headers: response.headers, body: await text(response) })
  })
  return promise
}

/** Without the PeerID at the end. */
async function addresses(bootstrap: Bootstrap, headers = {}): Promise<string[]> {
  const { body } = await get(bootstrap, '/introduction', headers)
  const plate = readDoorplate(JSON.parse(body))
  if ('error' in plate) throw new TypeError(plate.error)
  return plate.addresses.map((address) => address.replace(`/p2p/${bootstrap.peerId}`, ''))
}

async function page(): Promise<string> {
  const path = await folder()
  await mkdir(join(path, 'assets'))
  await writeFile(join(path, 'index.html'), '<!doctype html>')
  await writeFile(join(path, 'assets', 'main-abc123.js'), 'export {}')
  return path
}
