/** What a scenario asks, in sentences. */
import type { Shape } from '../../chance/distributions.ts'
import { distribution } from '../../chance/distributions.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { shown, span } from './amount.ts'

const CHOICE: Readonly<Record<Scenario['choose'], string>> = {
  oldest: 'those that have been there longest',
  random: 'any',
  fresh: 'the newest',
  closest: 'the nearest in the keyspace',
}

export function asked(scenario: Scenario): string {
  const { nodes, hours, contingents, choose, seeds } = scenario
  const held =
    contingents === 0
      ? 'nobody but its owner holds a state'
      : `${counted(contingents, 'contingent')} of each peer, chosen among its links (${CHOICE[choose]}), ${contingents === 1 ? 'holds a copy' : 'hold copies'} of its state`
  return `Do ${shown(nodes, 'count')} peers keep each other's states, find and call each other over ${span(hours * 3_600_000)}, when ${sessions(scenario)}, and ${held}? ${seeds === 1 ? 'One run.' : `${seeds} runs that differ in chance alone.`}`
}

function sessions({ trace, session, ungraceful }: Scenario): string {
  if (trace !== undefined) return `they come and go as was observed (${trace})`
  const lasts = `a session lasts ${span(distribution(session).mean * 1_000)} on the average (${shape(session)})`
  return `${lasts}, ${shown(ungraceful, 'share')} of all end without a goodbye`
}

function shape(of: Shape): string {
  switch (of.kind) {
    case 'constant':
      return 'all the same'
    case 'exponential':
      return 'exponential'
    case 'weibull':
      return `Weibull, shape ${of.shape}`
    case 'pareto':
      return `Pareto, shape ${of.shape}`
    case 'lognormal':
      return `log-normal, sigma ${of.sigma}`
    case 'empirical':
      return `drawn from ${of.values.length} that were observed`
  }
}

export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}
