/** Registrations for tests: what an owner registers, what stand-ins do, and anything that the wire lets pass. */
import * as fc from 'fast-check'
import type { Delegation } from '#protocols/contingency/index'
import { type Registration, wire } from '#protocols/registration/index'
import { shapeOf, valuesOf } from '../../support/shape.ts'

export const now = 1_795_585_946_709
export const MINUTE = 60_000

/** `by`, writing in epoch (`n`, `session`), lets `to` stand in for A. */
export function link(by: string, to: string, n: number, session: string, rank = 1): Delegation {
  return { owner: 'A', by, to, n, session, rank, expires: now + MINUTE, proof: Uint8Array.of(1) }
}

/** What the owner A registers in epoch 5. */
export const own: Registration = {
  type: 'registration',
  owner: 'A',
  epoch: { n: 5, writer: 'A', session: 's1' },
  sequence: 1,
  expires: now + MINUTE,
  gone: false,
  relays: [],
  contingents: ['B', 'C'],
  chain: [],
}

/** What B registers, standing in for A at rank 1, and C after B. */
export const standIn: Registration = {
  ...own,
  epoch: { n: 6, writer: 'B', session: 's2' },
  chain: [link('A', 'B', 5, 's1')],
}
export const next: Registration = {
  ...own,
  epoch: { n: 7, writer: 'C', session: 's3' },
  chain: [link('A', 'B', 5, 's1'), link('B', 'C', 6, 's2')],
}

/** Anything that the wire lets pass, from few enough values to meet. */
export const anyRegistration: fc.Arbitrary<Registration> = fc
  .record({
    base: valuesOf(shapeOf(wire.schemas['registration'])) as fc.Arbitrary<Registration>,
    n: fc.integer({ min: 0, max: 8 }),
    writer: fc.constantFrom('A', 'B', 'C'),
    session: fc.constantFrom('s1', 's2', 's3'),
    sequence: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ base, n, writer, session, sequence }) => {
    const chain = base.chain.slice(0, 1)
    return {
      ...base,
      type: 'registration',
      owner: 'A',
      epoch: { n, writer, session },
      sequence,
      chain,
    } as const
  })
  // Several long texts at once do not fit on the wire, which has a test of its own.
  .filter((registration) => JSON.stringify(registration).length < 1_500)
