/**
 * Sessions of a scenario, drawn before anything runs, so that the same ones can be played in either world: those that are
 * under way when a mesh is looked at that has long been running, and arrivals at random after them.
 */
import type { Millis } from '#protocols/machine'
import { distribution } from '../chance/distributions.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { HIGH, tides } from '../scenario/tide.ts'
import type { Session } from '../scenario/trace.ts'

/**
 * @param onset those that are there at the beginning come within so long
 * @param span of what is drawn, from the first arrival on
 * @param start what is counted begins then, and the faults are reckoned from it; by default `onset`
 */
export function sessionsOf(
  scenario: Scenario,
  seed: number,
  onset: Millis,
  span: Millis,
  start = onset,
): Session[] {
  const random = new Random(seed)
  const stay = distribution(scenario.session)
  const end = () => (random.chance(scenario.ungraceful) ? 'lost' : 'goodbye')
  const sessions: Session[] = []
  for (let n = 0; n < scenario.nodes; n++) {
    const { rest } = stay.drawUnderWay(random)
    sessions.push({ at: (onset * n) / scenario.nodes, span: rest * 1_000, end: end() })
  }
  // With a tide, some of those of its height do not come.
  const tide = tides(scenario.faults, start)
  const most = tide === undefined ? 1 : HIGH
  const wait = distribution({ kind: 'exponential', mean: stay.mean / scenario.nodes / most })
  for (let at = wait.draw(random) * 1_000; at < span; at += wait.draw(random) * 1_000) {
    if (tide !== undefined && !random.chance(tide(at) / most)) continue
    sessions.push({ at, span: stay.draw(random) * 1_000, end: end() })
  }
  return sessions.sort((a, b) => a.at - b.at)
}
