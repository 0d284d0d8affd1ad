/** Connections that are dead without saying so: behind them is a process that was stopped, as a network is cut. */
import { expect, it, onTestFinished } from 'vitest'
import type { ColoniaNode } from '#node/index'
import type { Parts } from '#node/parts'
import { open } from '../bootstrap/harness.ts'
import { startBootstrap } from '../support/bootstrap.ts'
import { until } from '../support/until.ts'
import { entrance, introduced } from './harness.ts'
import { puppet } from './puppets.ts'

/** Where a link is missed without a survey, libp2p needs 15 s and more; with one, a second and what a busy machine adds. */
const SOON = { millis: 6_000 }

it('closes the link that is dead, keeps the one that lives, and tells what to do next', {
  timeout: 60_000,
}, async () => {
  const bootstraps = [(await open()).url]
  const ana = await introduced({ bootstraps, links: 0 })
  const [ben, cai] = await Promise.all([puppet({ bootstraps, links: 0 }), puppet({ bootstraps, links: 0 })])
  for (const one of [ben, cai]) await one.says((line) => line['entrance'] === 'connected', 'its entrance')
  await Promise.all([ana.connect(ben.id), ana.connect(cai.id)])
  ben.child.kill('SIGSTOP')
  onTestFinished(() => void ben.child.kill('SIGCONT'))
  survey(ana).look('silent')
  await until(ana, 'unlink', () => ana.links.every(({ peer }) => peer !== ben.id), SOON)
  expect(ana.links).toMatchObject([{ peer: cai.id, direct: true }])
  expect(ana.entrances).toMatchObject([{ state: 'connected' }])
})

it('finds out that its entrance is silent, and is connected again when that wakes', {
  timeout: 60_000,
}, async () => {
  const bootstrap = await startBootstrap()
  onTestFinished(() => bootstrap.kill())
  const ana = await introduced({ bootstraps: [bootstrap.url] })
  process.kill(bootstrap.pid, 'SIGSTOP')
  survey(ana).look('moved')
  await until(ana, 'entrance', () => ana.entrances.some(({ state }) => state !== 'connected'), SOON)
  process.kill(bootstrap.pid, 'SIGCONT')
  await entrance(ana, 'connected')
})

function survey(node: ColoniaNode): Parts['survey'] {
  return (node as unknown as { parts: Parts }).parts.survey
}
