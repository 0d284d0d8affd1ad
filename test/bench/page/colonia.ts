/** Colonia's phone: the shipped peer, as the app uses it, answering whoever calls. */
import { createNode } from '#node/index'
import { until } from '../../support/until.ts'
import type { Phone } from './phone.ts'
import { show } from './screen.ts'

/** A peer with an identity of its own. It makes no links unasked, or peers would have met before they call. */
export async function openColonia(mine: () => MediaStream): Promise<Phone> {
  const node = await createNode({ identity: crypto.randomUUID(), links: 0 })
  node.onIncomingCall((call) => {
    call.accept({ media: mine() })
    void until(call, 'change', () => call.remote).then(show)
  })
  await until(node, 'entrance', () => node.entrances.some(({ state }) => state === 'connected'))
  return {
    id: node.id,
    async call(to, media) {
      const call = node.call(to, { media })
      return await until(call, 'change', () => call.remote)
    },
    async hangUp() {
      for (const call of node.calls) call.hangUp()
    },
    async link(to) {
      await node.connect(to)
    },
    close: () => node.stop(),
  }
}
