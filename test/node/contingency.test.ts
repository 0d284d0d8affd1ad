import { copyFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type ColoniaNode, exportIdentity, importIdentity } from '#node/index'
import { folder, open } from '../bootstrap/harness.ts'
import { until } from '../support/until.ts'
import { introduced } from './harness.ts'

describe('the state of a peer', () => {
  it('is backed up, stood in for when the peer leaves, and given back on another device', async () => {
    const bootstraps = [(await open()).url]
    const home = await folder()
    const elsewhere = await folder()
    const [bo, cy] = [await introduced({ bootstraps }), await introduced({ bootstraps })]
    const ada = await introduced({ bootstraps, identity: `${home}/key` })

    const { holders } = await ada.state.put('contact/bo', { name: 'Bo' }, { until: 'backed-up' })
    expect([bo.id, cy.id]).toContain(holders[0])
    await held(ada, 2)
    expect(ada.contingency.unbacked).toBe(0)

    await ada.stop()
    const standIn = await Promise.any([standsIn(bo, ada), standsIn(cy, ada)])

    await copyFile(`${home}/key`, `${elsewhere}/key`)
    const again = await introduced({ bootstraps, identity: `${elsewhere}/key` })
    expect(again.id).toBe(ada.id)
    await until(again, 'contingency', () => again.state.get('contact/bo') !== undefined, {
      what: 'the record',
    })
    expect(again.state.get('contact/bo')).toEqual({ name: 'Bo' })
    await until(standIn, 'contingency', () => !isStandIn(standIn, ada), { what: 'stepping down' })
    await held(again, 2)
  })
})

describe('a peer that is started on another device while it runs', () => {
  it('is told so, writes nothing more, and goes on with all of it when it is started again', {
    timeout: 60_000,
  }, async () => {
    const bootstraps = [(await open()).url]
    const [home, elsewhere] = [`${await folder()}/key`, `${await folder()}/key`]
    await introduced({ bootstraps })
    await introduced({ bootstraps })
    const first = await introduced({ bootstraps, identity: home })
    await first.state.put('before', 1, { until: 'backed-up' })
    await importIdentity(await exportIdentity({ identity: home }), { identity: elsewhere })
    const second = await introduced({ bootstraps, identity: elsewhere })
    await until(second, 'contingency', () => second.state.get('before') === 1, { what: 'the record' })
    await until(first, 'contingency', () => first.contingency.superseded, { what: 'being superseded' })
    expect(second.contingency.superseded).toBe(false)
    await expect(first.state.put('lost?', 1)).rejects.toMatchObject({ code: 'superseded' })
    await second.state.put('after', 2, { until: 'backed-up' })

    await first.stop()
    const again = await introduced({ bootstraps, identity: home })
    await until(again, 'contingency', () => again.state.get('after') === 2, { what: 'what the other wrote' })
    await until(second, 'contingency', () => second.contingency.superseded, {
      what: 'the other stepping back',
    })
    await again.state.put('back', 3, { until: 'backed-up' })
  })
})

/** Until `node` has that many warm holders. */
async function held(node: ColoniaNode, count: number): Promise<void> {
  const warm = () => node.contingency.holders.filter((holder) => holder.warm).length >= count
  await until(node, 'contingency', warm, { what: `${count} holders` })
}

function isStandIn(node: ColoniaNode, owner: ColoniaNode): boolean {
  return node.contingency.holding.some((duty) => duty.owner === owner.id && duty.standingIn)
}

async function standsIn(node: ColoniaNode, owner: ColoniaNode): Promise<ColoniaNode> {
  await until(node, 'contingency', () => isStandIn(node, owner), { what: 'standing in' })
  return node
}
