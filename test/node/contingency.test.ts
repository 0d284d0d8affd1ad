import { copyFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { ColoniaNode } from '#node/index'
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
