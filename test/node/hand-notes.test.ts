/** What is given to a peer as an invitation or a reply, and must not harm it: each is refused for its reason. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { encode } from '@msgpack/msgpack'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Clock } from '#node/driver'
import type { HandFault } from '#node/hand/fault'
import { Hand, MAX_OPEN } from '#node/hand/hand'
import { readNote, writeNote } from '#node/hand/note'
import { createPeerLibp2p } from '#node/libp2p'
import { ConnectionBudget } from '#node/link/budget'
import { LIFE, MAX_WAYS, type Of, wire, write } from '#protocols/hand/index'

describe('a text that', () => {
  it('is no invitation, is too large, or of a later version is refused', async () => {
    const { hand } = await person()
    await refused(hand.reply('hello'), 'not-one')
    await refused(hand.reply(`meet=${'A'.repeat(2_000)}`), 'too-large')
    await refused(hand.reply(`meet=AI${'A'.repeat(400)}`), 'newer')
  })

  it('was cut off or altered by a letter is refused, wherever that is', async () => {
    const [ana, ben] = [await person(), await person()]
    const { text } = await ana.hand.invite()
    for (let at = 'meet='.length; at < text.length; at += 7) {
      await refused(ben.hand.reply(text.slice(0, at)), 'damaged')
      const other = text[at] === 'B' ? 'C' : 'B'
      const altered = text.slice(0, at) + other + text.slice(at + 1)
      await expect(ben.hand.reply(altered)).rejects.toMatchObject({ code: 'bad-invitation' })
    }
  })

  it('is signed by another, or holds a hundred candidates, or what are none, is refused', async () => {
    const [ana, ben, eve] = [await person(), await person(), await person()]
    const note = (await readNote((await ana.hand.invite()).text)) as Of<'invitation'>
    await refused(ben.hand.reply(await writeNote(note, eve.key)), 'damaged')
    const from = Uint8Array.from(eve.key.publicKey.raw)
    const many = (count: number) =>
      sign(encode({ ...note, from, ways: Array(count).fill(note.ways[0]) }), eve)
    await refused(ben.hand.reply(await many(MAX_WAYS + 1)), 'damaged')
    await refused(ben.hand.reply(await many(100)), 'too-large')
    const odd = { ...note, from, ways: [new Uint8Array(7).fill(255)] }
    await refused(ben.hand.reply(await writeNote(odd, eve.key)), 'damaged')
    const injected = encode({ ...note, from, ufrag: 'abcd\r\na=x:y' })
    await refused(ben.hand.reply(await sign(injected, eve)), 'damaged')
  })

  it('is one’s own, or meant for someone else, or a reply, is refused', async () => {
    const [ana, ben, eve] = [await person(), await person(), await person()]
    const invitation = await ana.hand.invite({ peer: ben.key.publicKey.toString() })
    await refused(ana.hand.reply(invitation.text), 'own')
    await refused(eve.hand.reply(invitation.text), 'not-for-you')
    const reply = await ben.hand.reply(invitation.text)
    await refused(eve.hand.reply(reply.text), 'wrong-kind')
    await refused(invitation.accept(invitation.text), 'own')
  })

  it('replies to another invitation, or comes from another than was invited, is refused and leaves it open', async () => {
    const [ana, ben, eve] = [await person(), await person(), await person()]
    const [first, second] = [await ana.hand.invite(), await ana.hand.invite()]
    const reply = await ben.hand.reply(first.text)
    await refused(second.accept(reply.text), 'other')
    const named = await ana.hand.invite({ peer: ben.key.publicKey.toString() })
    const { nonce } = (await readNote(named.text)) as Of<'invitation'>
    const stolen = { ...((await readNote((await eve.hand.reply(second.text)).text)) as Of<'reply'>), nonce }
    await refused(named.accept(await writeNote(stolen, eve.key)), 'other-peer')
    await ana.start()
    await ben.start()
    expect(await first.accept(reply.text)).toBe(ben.key.publicKey.toString())
    await reply.met
    await refused(first.accept(reply.text), 'used')
  })

  it('is signed by another key than the one that is proved over the link is refused by who reads it', async () => {
    const [ana, ben, eve] = [await person(), await person(), await person()]
    await Promise.all([ana.start(), eve.start()])
    // Eve has Ben's words, but not his place: what answers at her end is herself.
    const mixed = new Hand({
      key: ben.key,
      libp2p: eve.libp2p,
      upgrader: eve.upgrader,
      budget: eve.budget,
      iceServers: () => [],
      wall: eve.wall,
    })
    const invitation = await ana.hand.invite()
    const reply = await mixed.reply(invitation.text)
    await refused(invitation.accept(reply.text), 'other-peer')
    await expect(reply.met).rejects.toThrow()
    expect(ana.libp2p.getConnections()).toEqual([])
  })
})

describe('an invitation', () => {
  it('that is old is refused, and one without a reply is closed when it expires', async () => {
    const closed = vi.spyOn(RTCPeerConnection.prototype, 'close')
    onTestFinished(() => closed.mockRestore())
    const [ana, ben] = [await person(), await person()]
    const invitation = await ana.hand.invite()
    const reply = await ben.hand.reply(invitation.text)
    ana.turn(LIFE - 1)
    expect(closed).not.toHaveBeenCalled()
    ana.turn(1)
    expect(closed).toHaveBeenCalledTimes(1)
    await refused(invitation.accept(reply.text), 'expired')
    const late = await person()
    late.turn(LIFE)
    await refused(late.hand.reply(invitation.text), 'expired')
    ben.turn(LIFE)
    ben.turn(20_000)
    await refused(reply.met, 'expired')
    expect(closed).toHaveBeenCalledTimes(2)
  })

  it('is withdrawn by its maker, by its signal, by one too many and by the end of the node', async () => {
    const [ana, ben] = [await person(), await person()]
    const control = new AbortController()
    const [first, second, third] = [
      await ana.hand.invite(),
      await ana.hand.invite({ signal: control.signal }),
      await ana.hand.invite(),
    ]
    const replies = await Promise.all([first, second, third].map(({ text }) => ben.hand.reply(text)))
    const [one = '', two = '', three = ''] = replies.map(({ text }) => text)
    for (let extra = 3; extra <= MAX_OPEN; extra++) await ana.hand.invite()
    await refused(first.accept(one), 'expired')
    control.abort(new Error('enough'))
    await expect(second.accept(two)).rejects.toThrow('enough')
    third.cancel()
    await refused(third.accept(three), 'expired')
    const last = await ana.hand.invite()
    const reply = await ben.hand.reply(last.text)
    ana.hand.stop()
    await expect(last.accept(reply.text)).rejects.toMatchObject({ code: 'stopped' })
  })

  it('that is read twice gets the same reply, and only so many get one at once', async () => {
    const [ana, ben] = [await person(), await person()]
    const invitation = await ana.hand.invite()
    const [one, two] = await Promise.all([ben.hand.reply(invitation.text), ben.hand.reply(invitation.text)])
    expect(one.text).toBe(two.text)
    for (let extra = 1; extra <= MAX_OPEN; extra++) {
      await ben.hand.reply((await (await person()).hand.invite()).text)
    }
    await refused(one.met, 'expired')
  })

  it('costs connections, of which an hour has only so many', async () => {
    const { hand } = await person()
    for (let made = 0; made < 8; made++) await hand.invite()
    await expect(hand.invite()).rejects.toMatchObject({ code: 'unreachable' })
  })
})

/** Someone with a key, and a clock that is turned by hand. */
async function person() {
  const key = await generateKeyPair('Ed25519')
  const budget = new ConnectionBudget({ burst: 8, perHour: 1 }, { now: () => 0, after: () => () => {} })
  const { libp2p, upgrader } = await createPeerLibp2p({
    privateKey: key,
    iceServers: () => [],
    ping: () => undefined,
    isEntrance: () => false,
    budget,
    listening: { listen: [], announce: [], certificate: undefined },
    links: () => {
      throw new Error('there are none')
    },
  })
  const began = 1_795_585_946_000
  let now = 0
  let timers: { at: number; ring: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after(wait, ring) {
      const timer = { at: now + wait, ring }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
  }
  const wall = () => began + now
  const hand = new Hand({ key, libp2p, upgrader, budget, iceServers: () => [], clock, wall })
  onTestFinished(async () => {
    hand.stop()
    await libp2p.stop()
  })
  return {
    key,
    hand,
    libp2p,
    upgrader,
    budget,
    wall,
    start: () => libp2p.start(),
    turn(millis: number) {
      now += millis
      for (const { at, ring } of timers) if (at <= now) ring()
    },
  }
}

type Person = Awaited<ReturnType<typeof person>>

/** A note that our own door would not let out. */
async function sign(message: Uint8Array, { key }: Person): Promise<string> {
  return write({ message, signature: await key.sign(encode([wire.protocol, message])) })
}

async function refused(act: Promise<unknown>, reason: HandFault): Promise<void> {
  await expect(act).rejects.toMatchObject({ name: 'ColoniaError', code: 'bad-invitation', reason })
}
