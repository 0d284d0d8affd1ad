/** A peer in Node that can be dialled: where it listens, what it tells of that, and that it stays the same. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { platform as page } from '#node/platform/browser'
import { folder, open } from '../../bootstrap/harness.ts'
import { introduced, peer } from '../harness.ts'

const WS = '/ip4/127.0.0.1/tcp/0/ws'
const DIRECT = '/ip4/127.0.0.1/udp/0/webrtc-direct'

/** A TCP and a UDP port of this machine that someone else has until the test is over. */
async function taken(): Promise<{ tcp: number; udp: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await Promise.all([once(server, 'listening'), once(socket, 'listening')])
  onTestFinished(() => {
    server.close()
    socket.close()
  })
  return { tcp: (server.address() as { port: number }).port, udp: socket.address().port }
}

const hashOf = (address = '') => /\/certhash\/([^/]+)/.exec(address)?.[1]

describe('a peer that listens', () => {
  it('says where, and a peer that does not says nothing', async () => {
    const keeper = await peer({ listen: [WS, DIRECT] })
    expect([...keeper.addresses].sort()).toEqual([
      expect.stringMatching(new RegExp(`^/ip4/127.0.0.1/tcp/[1-9]\\d*/ws/p2p/${keeper.id}$`)),
      expect.stringMatching(
        new RegExp(`^/ip4/127.0.0.1/udp/[1-9]\\d*/webrtc-direct/certhash/[^/]+/p2p/${keeper.id}$`),
      ),
    ])
    expect((await peer({})).addresses).toEqual([])
  })

  it('has the same certificate after a restart, and no two have the same', async () => {
    const options = { identity: `${await folder()}/keeper.key`, listen: [DIRECT] }
    const before = await peer(options)
    const hash = hashOf(before.addresses[0])
    await before.stop()
    expect(hashOf((await peer(options)).addresses[0])).toBe(hash)
    expect(hashOf((await peer({ listen: [DIRECT] })).addresses[0])).not.toBe(hash)
  })

  it('tells of what it announces in place of its own addresses, and is reached through its bootstrap as well', async () => {
    const bootstraps = [(await open()).url]
    const announce = ['/dns4/keeper.example/tcp/443/tls/ws', '/ip4/192.0.2.1/udp/4002/webrtc-direct']
    const keeper = await introduced({ bootstraps, listen: [WS, DIRECT], announce, links: 0 })
    const [first, second] = [...keeper.addresses].sort()
    expect(first).toBe(`${announce[0]}/p2p/${keeper.id}`)
    expect(second?.startsWith(`${announce[1]}/certhash/`)).toBe(true)
    expect(keeper.addresses).toHaveLength(2)
    const other = await introduced({ bootstraps, links: 0 })
    await other.connect(keeper.id)
  })
})

describe('what cannot work is said at once', () => {
  it('when a port is taken', async () => {
    const { tcp, udp } = await taken()
    for (const address of [`/ip4/127.0.0.1/tcp/${tcp}/ws`, `/ip4/127.0.0.1/udp/${udp}/webrtc-direct`]) {
      const identity = `${await folder()}/peer.key`
      const started = peer({ listen: [address], identity })
      await expect(started).rejects.toMatchObject({ code: 'cannot-listen' })
      await expect(started).rejects.toThrow(`cannot listen on ${address}: `)
      // Nothing was left behind that would stand in the way of another start.
      await peer({ listen: [WS], identity })
    }
  })

  it.each([
    [{ listen: ['/ip4/0.0.0.0/tcp/4001'] }, /option listen\.0: .*such as \/ip4\/0\.0\.0\.0\/tcp\/4001\/ws/],
    [{ listen: ['/dns4/example.org/tcp/443/tls/ws'] }, /option listen\.0: /],
    [{ listen: ['ws://0.0.0.0:4001'] }, /option listen\.0: /],
    [{ listen: Array(9).fill(WS) }, /option listen: /],
    [{ listen: [WS], announce: ['/dns4/example.org/udp/4002/webrtc-direct'] }, /option announce\.0: /],
    [{ listen: [WS], announce: ['https://example.org'] }, /option announce\.0: /],
    [{ announce: ['/dns4/example.org/tcp/443/tls/ws'] }, /option announce: .*without listen/],
    [{ bootstraps: ['/ip4/127.0.0.1/tcp/4001/ws'] }, /option bootstraps\.0: .*PEERID/],
    [{ bootstraps: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWnonsense'] }, /option bootstraps\.0: /],
    [{ bootstraps: ['ftp://example.org'] }, /option bootstraps\.0: .*http/],
  ])('when an option is %j', async (options, sentence) => {
    const started = peer(options)
    await expect(started).rejects.toMatchObject({ code: 'bad-options' })
    await expect(started).rejects.toThrow(sentence)
  })

  it('when a page is to listen', async () => {
    await expect(page.checkListen([WS])).rejects.toMatchObject({ code: 'bad-options' })
    await page.checkListen([])
  })
})
