/** Every field of a scenario is a flag; what cannot be is refused in a sentence that says what can. */
import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFlags } from '#node/command-line'
import {
  commandOf,
  dialFlags,
  flagsOf,
  scenarioFrom,
  scenarioNamed,
} from '../../../simulations/scenario/command-line.ts'
import { contradiction } from '../../../simulations/scenario/contradictions.ts'
import { dials } from '../../../simulations/scenario/dials.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'
import { scenarios } from '../../../simulations/scenario/table.ts'
import { scenario } from './arbitrary.ts'

const parse = (argv: readonly string[], name = 'tabs'): Scenario =>
  scenarioFrom(scenarioNamed(name), parseFlags(argv, dialFlags).values)

describe('each flag', () => {
  it.each<[string, object]>([
    ['--nodes 5000', { nodes: 5_000 }],
    ['--hours 0.25', { hours: 0.25 }],
    ['--seed 4294967291', { seed: 4_294_967_291 }],
    ['--seeds 1', { seeds: 1 }],
    ['--session weibull:shape=0.5,mean=10000s', { session: { kind: 'weibull', shape: 0.5, mean: 10_000 } }],
    ['--session weibull:mean=10000s,shape=0.5', { session: { kind: 'weibull', shape: 0.5, mean: 10_000 } }],
    ['--session exponential:mean=121s', { session: { kind: 'exponential', mean: 121 } }],
    ['--session pareto:shape=1.5,mean=10m', { session: { kind: 'pareto', shape: 1.5, mean: 600 } }],
    ['--session lognormal:median=5m,sigma=1', { session: { kind: 'lognormal', median: 300, sigma: 1 } }],
    ['--session constant:60s', { session: { kind: 'constant', value: 60 } }],
    ['--session trace:a=b,c.csv', { trace: 'a=b,c.csv' }],
    ['--away exponential:mean=1d', { away: { kind: 'exponential', mean: 86_400 } }],
    ['--ungraceful 0', { ungraceful: 0 }],
    ['--contingents 4', { contingents: 4 }],
    ['--choose closest', { choose: 'closest' }],
    ['--links 20', { links: 20 }],
    ['--state-bytes 1', { stateBytes: 1 }],
    ['--writes 0', { writes: 0 }],
    ['--keep 2d', { keep: 172_800_000 }],
    ['--bandwidth 1e6', { bandwidth: 1_000_000 }],
    ['--latency king', { latency: { kind: 'king' } }],
    ['--latency constant:150ms', { latency: { kind: 'constant', value: 0.15 } }],
    [
      '--latency coordinates:width=200ms,height=30ms',
      { latency: { kind: 'coordinates', width: 0.2, height: 0.03 } },
    ],
    ['--jitter 20ms', { jitter: 20 }],
    ['--loss 0.01', { loss: 0.01 }],
    ['--broken-pairs 1', { brokenPairs: 1 }],
    ['--k 20', { kademlia: { k: 20, alpha: 3, refresh: 3_600_000 } }],
    ['--alpha 1 --refresh 0.5h', { kademlia: { k: 8, alpha: 1, refresh: 1_800_000 } }],
    ['--lookups 60', { lookups: 60 }],
    ['--calls 2', { calls: 2 }],
    ['--call-span 90s', { callSpan: 90_000 }],
    ['--sample 10', { sample: 10 }],
    ['--heartbeats carried', { heartbeats: 'carried' }],
    ['--kill 0.3@1h', { faults: [{ type: 'kill', share: 0.3, at: 3_600_000 }] }],
    ['--region 0.2@90m', { faults: [{ type: 'region', share: 0.2, at: 5_400_000 }] }],
    ['--partition 1@0s+5m', { faults: [{ type: 'partition', share: 1, at: 0, span: 300_000 }] }],
    ['--freeze 0.5@1h+5m', { faults: [{ type: 'freeze', share: 0.5, at: 3_600_000, span: 300_000 }] }],
    [
      '--flash-crowd 100@30m+60s',
      { faults: [{ type: 'flash-crowd', factor: 100, at: 1_800_000, span: 60_000 }] },
    ],
    ['--exodus 1@30m+2s', { faults: [{ type: 'exodus', share: 1, at: 1_800_000, span: 2_000 }] }],
    ['--bootstrap-down 1h+1h', { faults: [{ type: 'bootstrap-down', at: 3_600_000, span: 3_600_000 }] }],
    ['--day-night 0.8@0s+24h', { faults: [{ type: 'day-night', share: 0.8, at: 0, span: 86_400_000 }] }],
  ])('%s', (line, changes) => {
    expect(parse(line.split(' '))).toEqual({ ...scenarioNamed('tabs'), ...changes })
  })

  it.each([
    ['--nodes 0', '--nodes must be a whole number from 2 to 10,000,000, not "0"'],
    ['--nodes 10.5', '--nodes must be a whole number'],
    ['--nodes 1e99', '--nodes must be a whole number'],
    ['--nodes 0x10', '--nodes must be a whole number'],
    ['--nodes= ', '--nodes must be a whole number'],
    ['--hours 0', '--hours must be a number above 0 up to 8,784, not "0"'],
    ['--seed 4294967296', '--seed must be a whole number from 0 to 4,294,967,295'],
    ['--seeds 0', '--seeds must be'],
    ['--session 10m', '--session must be trace:FILE or one of constant:SPAN'],
    ['--session gauss:mean=10m', '--session must be'],
    ['--session toString', '--session must be'],
    ['--session trace:', '--session must be'],
    ['--session exponential:mean=121', 'a span from 1s to 3650d, such as 500ms, 30s, 10m, 2h or 1d'],
    ['--session exponential:mean=0s', '--session must be'],
    ['--session exponential', '--session must be'],
    ['--session exponential:mean=1m,mean=1m', '--session must be'],
    ['--session exponential:mean=1m,shape=1', '--session must be'],
    ['--session weibull:shape=0.5', '--session must be'],
    ['--session pareto:shape=1,mean=10m', 'shape of pareto: a number above 1 up to 10'],
    ['--session lognormal:median=5m,sigma=0', 'sigma of lognormal: a number above 0 up to 5'],
    ['--away sometimes', '--away must be never or one of'],
    ['--ungraceful 1.01', '--ungraceful must be a number from 0 to 1'],
    ['--contingents 5', '--contingents must be a whole number from 0 to 4'],
    ['--choose best', '--choose must be oldest, random, fresh or closest, not "best"'],
    ['--links 49', '--links must be a whole number from 0 to 48'],
    ['--state-bytes 0', '--state-bytes must be'],
    ['--writes 3601', '--writes must be a number from 0 to 3,600'],
    ['--keep 10', '--keep must be a span from 0s to 366d'],
    ['--bandwidth 0', '--bandwidth must be'],
    ['--latency king:1', '--latency must be one of king, constant:SPAN, coordinates:width=SPAN,height=SPAN'],
    ['--latency constant:11s', '--latency must be'],
    ['--jitter 20', '--jitter must be a span'],
    ['--loss 1', '--loss must be a number from 0 to 0.9'],
    ['--broken-pairs x', '--broken-pairs must be'],
    ['--k 0', '--k must be'],
    ['--alpha 17', '--alpha must be'],
    ['--refresh 0s', '--refresh must be'],
    ['--lookups NaN', '--lookups must be'],
    ['--calls Infinity', '--calls must be'],
    ['--call-span 0s', '--call-span must be'],
    ['--sample 0', '--sample must be'],
    ['--colony 255', '--colony must be auto or a whole number from 256 to 10,000,000'],
    ['--heartbeats none', '--heartbeats must be sampled or carried'],
    ['--kill 1.1@1h', '--kill must be none or SHARE@AT (SHARE: a number from 0 to 1; AT: a span'],
    ['--kill 0.5', '--kill must be none or SHARE@AT'],
    ['--kill 0.5@1h+5m', '--kill must be'],
    ['--region @1h', '--region must be'],
    ['--partition 0.3@1h', '--partition must be none or SHARE@AT+SPAN'],
    ['--freeze 0.3+1h@5m', '--freeze must be'],
    ['--flash-crowd 0@1h+5m', '--flash-crowd must be none or FACTOR@AT+SPAN'],
    ['--exodus 1@30m+0s', '--exodus must be'],
    ['--bootstrap-down 1@1h+1h', '--bootstrap-down must be none or AT+SPAN'],
    ['--day-night 2@0s+24h', '--day-night must be'],
    ['--nodes 50 --nodes 60', '--nodes is given 2 times; once is allowed'],
    ['--kill none --kill 0.1@1h', '--kill must be'],
    ['--sesion exponential:mean=1m', "Unknown option '--sesion'"],
  ])('%s is refused', (line, message) => {
    let error: unknown
    try {
      parse(line.split(' '))
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 'bad-options', message: expect.stringContaining(message) })
  })

  it('is told of in a sentence that fits in one line', () => {
    for (const { flag, says, takes } of dials) {
      expect([flag, says, takes].every((text) => text !== '' && !/[\n.]/.test(text))).toBe(true)
    }
  })
})

describe('flags together', () => {
  it.each([
    ['--contingents 3 --links 2', '--contingents 3 is more than --links 2'],
    ['--nodes 8', '--links 8 needs more than --nodes 8'],
    ['--seed 4294967295', '--seed 4294967295 and --seeds 5 go beyond'],
    ['--kill 0.3@2h', '--kill 0.3@2h happens after the end of the run, --hours 2'],
    ['--hours 1 --freeze 0.3@1h+5m', '--freeze 0.3@1h+5m happens after the end of the run, --hours 1'],
    [
      '--flash-crowd 5000@1h+1m --nodes 5000',
      '--flash-crowd 5000@1h+1m brings more than 10000000 peers with',
    ],
    ['--session trace:a --away never --nodes 50', '--nodes and --session trace:FILE exclude'],
    ['--session trace:a --ungraceful 0.1', '--ungraceful and --session trace:FILE exclude'],
    ['--session trace:a --away constant:1m', '--away and --session trace:FILE exclude'],
    ['--session trace:a --colony 300', '--colony and --session trace:FILE exclude'],
    ['--session trace:a --day-night 0.1@0s+1h', '--day-night 0.1@0s+1h and --session trace:FILE exclude'],
    ['--freeze 0.5@1h+10m', '--freeze 0.5@1h+10m lasts until --keep 600s is over'],
    ['--partition 0.5@1h+2m --keep 90s', '--partition 0.5@1h+2m lasts until --keep 90s is over'],
    ['--kill 0.1@1m '.repeat(65).trim(), 'at most 64 faults, and these are 65'],
  ])('%s is refused', (line, message) => {
    expect(() => parse(line.split(' '))).toThrow(message)
  })

  it('of a fault take the place of those of its kind, and of no other', () => {
    const argv = ['--partition', '0.1@1m+1m', '--kill', '0.2@5m', '--partition', '0.2@1s+1m']
    expect(parse(argv, 'partition').faults).toEqual([
      { type: 'partition', share: 0.2, at: 1_000, span: 60_000 },
      { type: 'partition', share: 0.1, at: 60_000, span: 60_000 },
      { type: 'kill', share: 0.2, at: 300_000 },
    ])
    expect(parse(['--kill', '0.2@5m'], 'partition').faults).toHaveLength(2)
    expect(parse(['--partition', 'none'], 'partition').faults).toEqual([])
  })
})

describe('the command line of a scenario', () => {
  it('is its name, when it is one of the table', () => {
    for (const one of scenarios.values()) expect(flagsOf(one)).toEqual([])
  })

  it('is the flags in which it differs, as short as they can be written', () => {
    const argv = ['--session', 'constant:600s', '--keep', '90s', '--nodes', '1000', '--kill', '0.30@3600s']
    expect(commandOf(parse(argv))).toBe(
      'colonia simulate run tabs --session constant:10m --keep 90s --kill 0.3@1h',
    )
  })

  it('makes the same scenario again, whatever it is', () => {
    fc.assert(
      fc.property(
        scenario.filter((one) => contradiction(one) === undefined),
        (one) => {
          expect(parse(flagsOf(one), one.name)).toEqual(one)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('passes through a shell unharmed', () => {
    const trace = "it's a $(trace) of *.csv"
    const command = commandOf({ ...scenarioNamed('tabs'), trace })
    const said = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    expect(said.split('\n')).toContain(`trace:${trace}`)
  })
})
