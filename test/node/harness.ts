/** What the tests with real Node peers share: peers that go away by themselves, and waiting for what they say. */
import { onTestFinished } from 'vitest'
import type { Call, CallPhase, ColoniaNode, NodeOptions } from '#node/index'
import { createNode } from '#node/index'
import { until } from '../support/until.ts'

/** A peer, stopped after the test. */
export async function peer(options: NodeOptions): Promise<ColoniaNode> {
  const node = await createNode(options)
  onTestFinished(() => node.stop())
  return node
}

/** A peer that has been introduced. */
export async function introduced(options: NodeOptions): Promise<ColoniaNode> {
  const node = await peer(options)
  await entrance(node, 'connected')
  return node
}

/** Until one of its entrances is in `state`. */
export async function entrance(node: ColoniaNode, state: string): Promise<void> {
  const holds = () => node.entrances.some((one) => one.state === state)
  await until(node, 'entrance', holds, { what: `entrance ${state}` })
}

/** Until it has a direct link to `other`. */
export async function linked(node: ColoniaNode, other: ColoniaNode): Promise<void> {
  const holds = () => node.links.some(({ peer, direct }) => peer === other.id && direct)
  await until(node, 'link', holds, { what: 'a direct link' })
}

/** Until the call is in `phase`. */
export async function phase(call: Call, wanted: CallPhase): Promise<void> {
  await until(call, 'change', () => call.phase === wanted, { what: `${wanted} (it is ${call.phase})` })
}

/** The next call that reaches `node`. */
export function incoming(node: ColoniaNode): Promise<Call> {
  return new Promise((resolve) => {
    const stop = node.onIncomingCall((call) => {
      stop()
      resolve(call)
    })
  })
}
