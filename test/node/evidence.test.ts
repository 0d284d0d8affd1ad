/** What speaks for a peer: seen, or claimed and then believed only so far; and links that are kept. */
import { describe, expect, it } from 'vitest'
import { Evidence, isNews, type Status } from '#node/contingency/evidence'
import { rankCandidates } from '#protocols/contingency/index'
import { until } from '../support/until.ts'
import { DAY, house, Stranger } from './neighbours.ts'

describe('evidence', () => {
  it('ranks who says that it has been up longer first, and of these who holds for fewer', () => {
    expect(ranked({ a: status({ up: DAY / 4 }), b: status({ up: DAY / 2 }) })).toEqual(['b', 'a'])
    expect(ranked({ a: status({ owners: 3 }), b: status({ owners: 2 }) })).toEqual(['b', 'a'])
  })

  it('believes nobody to have been up for more than a day longer than was seen', () => {
    const liar = { up: Number.MAX_SAFE_INTEGER, owners: 3 }
    expect(ranked({ a: status(liar), b: status({ up: DAY, owners: 2 }) })).toEqual(['b', 'a'])
  })

  it('puts whoever has no room for our state last, however long it has been up', () => {
    expect(ranked({ a: status({ up: DAY, room: 99 }), b: status({ up: 0 }), c: undefined })).toEqual([
      'b',
      'c',
      'a',
    ])
  })

  it('keeps nothing of peers that are not linked', () => {
    const evidence = new Evidence()
    evidence.hear('a', status({}))
    expect([...evidence.peers]).toEqual([])
    evidence.met('a', 0)
    expect(evidence.of('a', 10, 0, 5)).toEqual({ id: 'a', rtt: 10, up: 5, load: 0 })
  })

  it('is told again when it is another by half, and not for every owner more', () => {
    expect(isNews(status({ owners: 1 }), status({ owners: 0 }))).toBe(true)
    expect(isNews(status({ owners: 9 }), status({ owners: 8 }))).toBe(false)
    expect(isNews(status({ room: 0 }), status({}))).toBe(true)
    expect(isNews(status({ up: DAY }), status({}))).toBe(false)
  })
})

describe('a peer', () => {
  it('says how it stands to whoever links to it, and again once it holds for someone', async () => {
    const home = await house({ copies: 0, capacity: { owners: 1, bytes: 1_000 } })
    const ada = await Stranger.at(home)
    expect(await ada.told('status')).toMatchObject({ owners: 0, room: 1_000 })
    const from = ada.heard.length
    await ada.say(await ada.appointment())
    expect(await ada.told('status', from)).toMatchObject({ owners: 1, room: 0 })
  })

  it('appoints whom the evidence speaks for, once it has to choose', async () => {
    const home = await house({ copies: 1 })
    const [first, young, old] = [await Stranger.at(home), await Stranger.at(home), await Stranger.at(home)]
    const { owner, epoch, turn } = await first.told('appoint')
    await first.say({ type: 'accept', owner, epoch, turn, have: 0, digest: '0000000000000000' })
    await young.say(status({ up: 10 }))
    await old.say(status({ up: DAY }))
    // Whatever was said before this has been heard when it is answered.
    for (const one of [young, old]) {
      await one.say({ type: 'ask', owner })
      await one.told('tell')
    }
    await first.say({ type: 'leave', owner, epoch })
    await old.told('appoint')
    expect(young.heard.some(({ type }) => type === 'appoint')).toBe(false)
  })

  it('appoints a holder again whose link broke, as soon as there is another', async () => {
    const home = await house({ copies: 1, shun: DAY })
    const holder = await Stranger.at(home)
    const { owner, epoch, turn } = await holder.told('appoint')
    await holder.say({ type: 'accept', owner, epoch, turn, have: 0, digest: '0000000000000000' })
    await until(home, 'change', () => home.contingency.view.holders[0]?.warm)
    const from = holder.heard.length
    await holder.relink()
    await holder.told('appoint', from)
  })

  it('has links to its holders, and to those for whom it holds, count more than others', async () => {
    const home = await house({ copies: 1 })
    const worth = new Map<string, number>()
    home.libp2p.addEventListener('peer:update', ({ detail: { peer } }) => {
      worth.set(
        peer.id.toString(),
        [...peer.tags.values()].reduce((sum, { value }) => sum + value, 0),
      )
    })
    const [holder, bystander] = [await Stranger.at(home), await Stranger.at(home)]
    const owner = await Stranger.at(home)
    await holder.told('appoint')
    await owner.say(await owner.appointment())
    const kept = ({ id }: Stranger) => (worth.get(id) ?? 0) > 0
    await until(home.libp2p, 'peer:update', () => kept(holder) && kept(owner), { what: 'tags' })
    expect(kept(bystander)).toBe(false)

    const { epoch } = await holder.told('appoint')
    await holder.say({ type: 'leave', owner: home.libp2p.peerId.toString(), epoch })
    await until(home.libp2p, 'peer:update', () => !kept(holder), { what: 'no tag' })
  })
})

function status(over: Partial<Status>): Status {
  return { type: 'status', up: 0, owners: 0, room: 1_000_000, ...over }
}

/** Ids in the order in which they would be appointed, all linked since just now. */
function ranked(all: Record<string, Status | undefined>): string[] {
  const evidence = new Evidence()
  for (const [id, said] of Object.entries(all)) {
    evidence.met(id, 0)
    if (said !== undefined) evidence.hear(id, said)
  }
  const candidates = Object.keys(all).map((id) => evidence.of(id, 0, 100, 0))
  return rankCandidates(candidates, []).map(({ id }) => id)
}
