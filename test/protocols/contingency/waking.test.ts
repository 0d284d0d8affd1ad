/** What is heard in the moment of waking may have been said long before; and others may have gone on meanwhile. */
import { describe, expect, test } from 'vitest'
import {
  type Config,
  type Delegation,
  defaultConfig,
  type Epoch,
  type Input,
  Machine,
  type Message,
  type Output,
} from '#protocols/contingency/index'

const SECOND = 1_000

const copy = { have: 0, digest: '0'.repeat(16) }

function epochOf(writer: string, n: number): Epoch {
  return { n, writer, session: writer.toLowerCase() }
}

function link(owner: string, to: string, n: number): Delegation {
  const session = owner.toLowerCase()
  return { owner, by: owner, to, n, session, rank: 1, expires: 0, proof: new Uint8Array() }
}

/** `owner` asks B to hold its state. */
function appointment(owner: string, n = 5): Message {
  const epoch = epochOf(owner, n)
  const chain = [link(owner, 'B', n)]
  return { type: 'appoint', owner, epoch, ...copy, turn: 1, rank: 1, roster: ['B'], chain, bytes: 9 }
}

/** A machine, and all that it says. */
class Someone {
  readonly machine: Machine
  now = 0
  said: Output[] = []

  constructor(self: string, config: Partial<Config> = {}) {
    const own = { ...defaultConfig, copies: 1, ...config }
    this.machine = new Machine({ self, session: self.toLowerCase(), config: own })
  }

  give(input: Input, wait = 0): void {
    this.now += wait
    this.said.push(...this.machine.handle(input, this.now))
  }

  hear(from: string, message: Message, wait = 0): void {
    this.give({ type: 'message', from, message }, wait)
  }

  meet(...ids: string[]): void {
    this.give({ type: 'candidates', candidates: ids.map((id) => ({ id, up: 60_000, load: 0, rtt: 40 })) })
  }

  /** Ticks when the machine wants it, until then or for so long. */
  pass(span: number, until = () => false): void {
    const end = this.now + span
    while (!until()) {
      const due = this.machine.nextDeadline()
      if (due === undefined || due > end) break
      this.now = Math.max(this.now, due)
      this.give({ type: 'tick' })
    }
    if (!until()) this.now = end
  }

  /** What was said to that peer since it was last asked, or what else was done. */
  heard(by: string): string[] {
    const said = this.said.splice(0)
    return said.flatMap((each) =>
      each.type === 'send' ? (each.to === by ? [each.message.type] : []) : by === '' ? [each.type] : [],
    )
  }
}

/** B, standing in for A, with C as its holder. */
function standIn(): Someone {
  const b = new Someone('B')
  b.meet('C')
  b.hear('A', appointment('A'))
  b.give({ type: 'closed', peer: 'A' })
  b.pass(SECOND, () => b.machine.duty('A')?.part === 'writing')
  expect(b.machine.duty('A')?.roster).toEqual(['C'])
  const { epoch } = b.machine.duty('A') ?? { epoch: epochOf('B', 0) }
  b.hear('C', { type: 'accept', owner: 'A', epoch, turn: 1, ...copy })
  b.heard('')
  return b
}

/** A, the owner, who writes and has B as its holder. */
function owner(config: Partial<Config> = {}): Someone {
  const a = new Someone('A', config)
  a.give({ type: 'start', entries: [], n: 4, known: [] })
  a.pass(SECOND)
  a.meet('B')
  const { epoch } = a.machine.duty('A') ?? { epoch: epochOf('A', 0) }
  a.hear('B', { type: 'accept', owner: 'A', epoch, turn: 1, ...copy })
  expect(a.machine.holders()).toMatchObject([{ id: 'B', warm: true }])
  a.heard('')
  return a
}

/** How long B waits before it takes the place of C, whose link closes just after C appointed it. */
function patience(slept: number): number {
  const machine = new Machine({ self: 'B', session: 'b', config: { ...defaultConfig, copies: 1 } })
  const hear = (from: string, at: number) =>
    machine.handle({ type: 'message', from, message: appointment(from) }, at)
  hear('A', 0)
  hear('C', slept)
  machine.handle({ type: 'closed', peer: 'C' }, slept + 1)
  let now = slept + 1
  while (machine.duty('C')?.part === 'holding' && now < slept + 60 * SECOND) {
    now = machine.nextDeadline() ?? Number.POSITIVE_INFINITY
    machine.handle({ type: 'tick' }, now)
  }
  expect(machine.duty('C')?.part).toBe('writing')
  return now - slept
}

test('whoever was given a copy as it woke lets others come first, and takes over in the end', () => {
  expect(patience(500)).toBeLessThan(SECOND)
  expect(patience(60 * SECOND)).toBeGreaterThan(8 * SECOND)
})

describe('a writer that woke', () => {
  test('lets its holders hear it at once, though others watch, and looks up who is registered: once', () => {
    const a = owner({ watch: 'told' })
    a.give({ type: 'woke' }, 60 * SECOND)
    for (let n = 0; n < 9; n++) a.give({ type: 'linked', peer: 'X' })
    const said = [...a.said]
    expect(a.heard('B').filter((type) => type === 'beat')).toHaveLength(1)
    expect(said.filter(({ type }) => type === 'seek')).toHaveLength(1)
  })

  test('asks a holder of its that is registered as the writer', () => {
    const a = owner()
    const { epoch } = a.machine.duty('A') ?? { epoch: epochOf('A', 0) }
    a.give({ type: 'hint', owner: 'A', peer: 'B', epoch: { ...epochOf('B', epoch.n), n: epoch.n - 1 } })
    expect(a.heard('B')).toEqual(['beat'])
  })

  test('tells whoever is registered in a lesser epoch that it is behind', () => {
    const a = owner()
    a.give({ type: 'hint', owner: 'A', peer: 'S', epoch: epochOf('S', 1) })
    a.pass(1)
    expect(a.heard('S')).toEqual(['fenced'])
  })

  test('whoever holds has nothing to say to one that is behind', () => {
    const b = new Someone('B')
    b.hear('A', appointment('A'))
    b.give({ type: 'hint', owner: 'A', peer: 'S', epoch: epochOf('S', 1) })
    b.pass(1)
    expect(b.heard('S')).toEqual([])
  })
})

describe('a stand-in that is overtaken', () => {
  const greater = epochOf('A', 20)

  test('tells its holders who writes, when it is told', () => {
    const b = standIn()
    b.hear('A', { type: 'fenced', owner: 'A', epoch: greater, chain: [link('A', 'A', 20)] })
    expect(b.machine.duty('A')).toMatchObject({ part: 'holding', epoch: greater })
    expect(b.heard('C')).toEqual(['fenced'])
  })

  test('and when it is appointed; they follow, and do not claim when it goes', () => {
    const b = standIn()
    const before = b.machine.duty('A')?.epoch
    b.hear('A', appointment('A', 20))
    const fenced = b.said.find((each) => each.type === 'send' && each.to === 'C')
    if (fenced?.type !== 'send') throw new Error('C was not told')

    const c = new Someone('C')
    const right = [link('A', 'B', 5), { ...link('A', 'C', 6), by: 'B', session: 'b' }]
    const asked = { owner: 'A', epoch: before ?? epochOf('B', 6), ...copy, turn: 1, rank: 1, roster: ['C'] }
    c.hear('B', { type: 'appoint', ...asked, chain: right, bytes: 9 })
    expect(c.machine.duty('A')?.epoch.writer).toBe('B')
    c.hear('B', fenced.message)
    expect(c.machine.duty('A')?.epoch).toEqual(greater)
    expect(c.heard('A')).toContain('held')
    c.give({ type: 'closed', peer: 'B' })
    c.pass(60 * SECOND)
    expect(c.machine.duty('A')?.part).toBe('holding')
  })

  test('that is overtaken by one that is gone comes forward in vain, and looks up who goes on', () => {
    const b = standIn()
    b.hear('A', { type: 'fenced', owner: 'A', epoch: epochOf('A', 20), chain: [link('A', 'A', 20)] })
    b.pass(5 * SECOND)
    expect(b.heard('')).not.toContain('seek')
    b.pass(90 * SECOND)
    // Not at each try.
    expect(b.heard('').filter((type) => type === 'seek')).toHaveLength(3)
  })
})

describe('a holder that may be behind', () => {
  /** B, which slept and then was appointed, and whose writer is gone. */
  function late(): Someone {
    const b = new Someone('B')
    b.hear('A', appointment('A'))
    b.give({ type: 'woke' }, 600 * SECOND)
    b.hear('C', appointment('C'))
    b.give({ type: 'closed', peer: 'C' }, 1)
    b.heard('')
    return b
  }
  const writes = (b: Someone) => b.machine.duty('C')?.part === 'writing'

  test('looks up who is registered, and again before it claims', () => {
    const b = late()
    b.pass(60 * SECOND, () => writes(b))
    const sought = b.said.filter((each) => each.type === 'seek' && each.owner === 'C')
    expect(sought).toHaveLength(2)
  })

  test('that hears of somebody further waits for those that watched that one, but not for ever', () => {
    const b = late()
    b.pass(7 * SECOND)
    const from = b.now
    // As many times as it is said.
    const further = { type: 'hint', owner: 'C', peer: 'D', epoch: epochOf('D', 6) } as const
    b.give(further)
    b.pass(SECOND)
    b.give(further)
    b.pass(60 * SECOND, () => writes(b))
    expect(b.now - from).toBeGreaterThanOrEqual(8 * SECOND)
    expect(b.now - from).toBeLessThan(9 * SECOND)
  })
})
