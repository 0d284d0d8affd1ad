/** Two peers whom nothing introduces: they give each other a text. */
import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { incoming, peer, phase } from './harness.ts'

describe('meeting by hand', () => {
  it('links two peers that have no bootstrap, and everything else runs over that link', async () => {
    const [ana, ben] = [await peer({ name: 'Ana' }), await peer({ name: 'Ben' })]
    const invitation = await ana.invite()
    const reply = await ben.reply(`Come here: http://localhost/#${invitation.text} bye`)
    expect(reply.peer).toBe(ana.id)
    expect(await invitation.accept(reply.text)).toBe(ben.id)
    await reply.met
    expect(ana.links).toMatchObject([{ peer: ben.id, direct: true }])
    expect(ben.links).toMatchObject([{ peer: ana.id, direct: true }])

    await ana.state.put('contact/ben', { name: 'Ben' }, { until: 'backed-up' })
    expect(ana.contingency.holders.map(({ peer }) => peer)).toEqual([ben.id])
    const rings = incoming(ben)
    const call = ana.call(ben.id)
    const theirs = await rings
    expect(theirs.peerName).toBe('Ana')
    await phase(call, 'ringing')
    theirs.decline()
    await phase(call, 'ended')

    await ben.stop()
    await until(ana, 'unlink', () => ana.links.length === 0)
  })
})
