/** PeerIDs in links, in fields and in short. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findPeer, linkTo, routeOf, shorten } from '../../web/src/peer.ts'

const ANA = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('where a link leads', () => {
  test.each(['', '#', '#/'])('%j is home', (hash) => {
    expect(routeOf(hash)).toEqual({ type: 'home' })
  })

  test.each([`#${ANA}`, `#/${ANA}`])('%j is a person', (hash) => {
    expect(routeOf(hash)).toEqual({ type: 'person', peer: ANA })
  })

  test.each(['#meet', '#meet=AEBC', '#/MEET=aebc'])('%j is a meeting by hand', (hash) => {
    expect(routeOf(hash)).toEqual({ type: 'hand', given: hash.replace(/^#\/?/, '') })
  })

  test.each([
    ['one letter short', `#${ANA.slice(0, -1)}`],
    ['one letter long', `#${ANA}x`],
    ['of another kind of key', `#Qm${ANA.slice(2)}`],
    ['with a letter that base58 leaves out', `#${ANA.slice(0, -1)}0`],
    ['with something behind it', `#${ANA}/chat`],
    ['with markup in it', '#<img src=x onerror=alert(1)>'],
  ])('a PeerID %s leads nowhere', (_what, hash) => {
    expect(routeOf(hash)).toEqual({ type: 'bad-link' })
  })

  test('every PeerID that libp2p makes from a key of ours is one', async () => {
    for (let round = 0; round < 50; round += 1) {
      const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
      expect(routeOf(`#${peer}`)).toEqual({ type: 'person', peer })
    }
  })

  test('a link that is given away leads back to the one who gave it', () => {
    vi.stubGlobal('location', { origin: 'https://colonia.example', pathname: '/room/' })
    const link = linkTo(ANA)
    expect(link).toBe(`https://colonia.example/room/#${ANA}`)
    expect(routeOf(new URL(link).hash)).toEqual({ type: 'person', peer: ANA })
  })
})

describe('what was pasted', () => {
  test.each([
    ANA,
    `  ${ANA}\n`,
    `https://colonia.example/#${ANA}`,
    `Call me: https://colonia.example/#${ANA}.`,
    `<https://colonia.example/#${ANA}>`,
    `/ip4/127.0.0.1/tcp/1/p2p/${ANA}`,
  ])('the PeerID is found in %j', (pasted) => {
    expect(findPeer(pasted)).toBe(ANA)
  })

  test.each(['', 'call me maybe', 'https://colonia.example/', ANA.slice(1), `x${ANA}`])(
    'there is none in %j',
    (pasted) => {
      expect(findPeer(pasted)).toBeUndefined()
    },
  )
})

test('in short a PeerID is its end, because all begin alike', () => {
  expect(shorten(ANA)).toBe('…CVe2Xo')
})
