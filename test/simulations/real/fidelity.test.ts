import { describe, expect, it } from 'vitest'
import { readOptions } from '../../../simulations/real/command.ts'
import { comparison } from '../../../simulations/real/comparison.ts'
import type { Run } from '../../../simulations/report/run.ts'

describe('the options of fidelity', () => {
  it('have defaults, and say which sessions and which world', () => {
    expect(readOptions([])).toMatchObject({
      world: 'memory',
      scenario: { nodes: 20, hours: 5 / 60, seed: 1 },
    })
    const given = ['--world', 'webrtc', '--nodes', '9', '--minutes', '0.5', '--seed', '4', '--json', 'x.json']
    expect(readOptions(given)).toMatchObject({
      ...{ world: 'webrtc', json: 'x.json' },
      scenario: { nodes: 9, hours: 0.5 / 60, seed: 4 },
    })
    expect(readOptions(['--help'])).toBe('help')
  })

  it.each([
    [['--nodes', '2'], /^--nodes must be a number from 3 to 200$/],
    [['--nodes', '50', '--world', 'webrtc'], /^--nodes must be a number from 3 to 32$/],
    [['--nodes', ''], /^--nodes must be/],
    [['--minutes', '61'], /^--minutes must be a number from 0.1 to 60$/],
    [['--seed', '1.5'], /^--seed must be a number from 0 to 4294967295$/],
    [['--world', 'moon'], /^--world must be memory or webrtc$/],
    [['now'], /^unexpected "now"/],
    [['--peers', '4'], /allowed are --nodes, --minutes, --world, --seed, --json, --help$/],
  ])('refuse %j', (argv, sentence) => {
    expect(() => readOptions(argv)).toThrow(sentence)
  })
})

describe('a comparison', () => {
  it('has each figure of both worlds, how they stand to each other, and messages by type', () => {
    const real = run({ takeoverMean: 1_500, lossesNewborn: 0, detectionMean: null }, { beat: 2 })
    const other = run(
      { takeoverMean: 1_200, lossesNewborn: 1, detectionMean: 900 },
      { beat: 1.9, probe: 0.5 },
    )
    const text = comparison(real, { carried: other }, ['takeoverMean', 'lossesNewborn', 'detectionMean'])
    const cells = text.split('\n').map((line) => line.split(/ {2,}/))
    expect(cells).toEqual([
      ['', 'real', 'carried', 'over real'],
      ['takeover, mean (ms)', '1500', '1200', '0.80'],
      ['newborn losses', '0', '1', ''],
      ['crash detection, mean (ms)', '–', '900', ''],
      ['crash detection, median (ms)', '–', '–', ''],
      ['takeover, median (ms)', '1000', '1000', '1.00'],
      ['handoff, median (ms)', '–', '–', ''],
      ['time under-replicated, median (ms)', '–', '–', ''],
      [''],
      ['messages of a peer in a second', 'real', 'carried', 'over real'],
      ['beat', '2', '1.9', '0.95'],
      ['probe', '0', '0.5', ''],
      [''],
    ])
  })
})

function run(figures: Run['figures'], messages: Record<string, number>): Run {
  return { figures, messages, spreads: { takeover: { p50: 1_000 } } } as unknown as Run
}
