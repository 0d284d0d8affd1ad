/** `node.state` around a real store: a record's life, what is refused, who is told, and two devices of one owner. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ColoniaError } from '#node/errors'
import { isGenuine, Seal } from '#node/state/seal'
import { MAX_BULK, MAX_NAME, State } from '#node/state/state'
import type { StateChange } from '#node/state/watch'
import { MemoryPort } from './state-port.ts'

const seal = await Seal.of(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1)))

describe('a record', () => {
  it('is there once it is put, replaced when it is put again, and gone when it is deleted', async () => {
    const { state } = await open()
    expect(state.get('contacts/ben')).toBeUndefined()
    await state.put('contacts/ben', { phone: 1 })
    expect(state.get('contacts/ben')).toEqual({ phone: 1 })
    await state.put('contacts/ben', { phone: 2 })
    expect(state.get('contacts/ben')).toEqual({ phone: 2 })
    await state.delete('contacts/ben')
    expect(state.get('contacts/ben')).toBeUndefined()
    expect(state.list()).toEqual([])
    expect(await state.delete('contacts/ben')).toBeUndefined()
  })

  it('is listed by the beginning of its name, in order', async () => {
    const { state } = await open()
    for (const name of ['calls/2', 'contacts/ben', 'calls/1']) await state.put(name, name)
    expect(state.list('calls/')).toEqual([
      { name: 'calls/1', value: 'calls/1', public: false },
      { name: 'calls/2', value: 'calls/2', public: false },
    ])
    expect(state.list()).toHaveLength(3)
  })

  it('is a copy: changing it changes nothing', async () => {
    const { state } = await open()
    const value = { list: [1] }
    await state.put('x', value)
    value.list.push(2)
    ;(state.get('x') as typeof value).list.push(3)
    expect(state.get('x')).toEqual({ list: [1] })
  })

  it('is private unless it is put as public, and never both', async () => {
    const { state, port } = await open()
    await state.put('name', 'Ada', { public: true })
    expect(port.live()).toEqual(['public/name'])
    expect(state.list()).toEqual([{ name: 'name', value: 'Ada', public: true }])
    await Promise.all([state.put('name', 'secret'), state.put('other', 1, { public: true })])
    expect(port.live()).toEqual([await seal.keyOf({ name: 'name', public: false }), 'public/other'])
    expect(state.get('name')).toBe('secret')
    await state.put('name', 'Ada', { public: true })
    expect(port.live()).toEqual(['public/other', 'public/name'])
    await state.delete('name')
    expect(port.live()).toEqual(['public/other'])
  })

  it('is genuine in every entry that leaves, deletions too', async () => {
    const { state, port } = await open()
    await state.put('a', 1)
    await state.put('b', 2, { public: true })
    await state.delete('a')
    for (const entry of port.entries()) expect(await isGenuine(seal.owner, entry)).toBe(true)
  })

  it('is there again when the state is opened again', async () => {
    const { state, port } = await open()
    await state.put('a', 1)
    await state.put('b', 2, { public: true })
    await state.delete('a')
    await state.put('c', 3)
    const again = await State.open(seal, port)
    expect(again.list()).toEqual(state.list())
    expect(again.list()).toHaveLength(2)
  })

  it('is sealed again when another write came between', async () => {
    const { state, port } = await open()
    const other = await seal.seal({ name: 'o', packed: Uint8Array.of(1), public: false }, { n: 5, by: 'x' })
    port.between = [other]
    const written = await state.put('a', 1)
    expect(written.version.n).toBe(6)
    expect((await State.open(seal, port)).list()).toHaveLength(2)
  })
})

describe('a write', () => {
  it('of several is all or nothing', async () => {
    const { state, port } = await open()
    await state.put('old', 0)
    await state.bulk([
      { type: 'put', name: 'a', value: 1 },
      { type: 'put', name: 'b', value: 2, public: true },
      { type: 'delete', name: 'old' },
    ])
    expect(state.list().map(({ name }) => name)).toEqual(['a', 'b'])
    expect(new Set([...port.entries()].slice(1).map(({ n }) => n)).size).toBe(1)
    const failing = [
      { type: 'put', name: 'c', value: 3 } as const,
      { type: 'put', name: 'd', value: 'x'.repeat(66_000) } as const,
    ]
    await expect(state.bulk(failing)).rejects.toMatchObject({ code: 'record-too-large' })
    expect(state.get('c')).toBeUndefined()
    expect(await state.bulk([])).toBeUndefined()
  })

  it('that is refused changes nothing, and the next one is not hindered', async () => {
    const { state, port } = await open()
    port.fault = new ColoniaError('storage', 'no space left')
    await expect(state.put('a', 1)).rejects.toBe(port.fault)
    expect(state.get('a')).toBeUndefined()
    port.fault = undefined
    await state.put('a', 2)
    expect(state.get('a')).toBe(2)
  })

  it.each([
    ['a name of nothing', '', 1, 'bad-record'],
    ['a name too long', 'n'.repeat(MAX_NAME + 1), 1, 'bad-record'],
    ['a name that is no text', '\ud800', 1, 'bad-record'],
    ['a value that is none', 'a', () => {}, 'bad-record'],
    ['a value over 64 KiB', 'a', new Uint8Array(65_536), 'record-too-large'],
  ])('is refused with %s', async (_, name, value, code) => {
    const { state } = await open()
    await expect(state.put(name, value)).rejects.toMatchObject({ name: 'ColoniaError', code })
    expect(state.list()).toEqual([])
  })

  it('takes 65,000 bytes and the longest name, 128 at once, but not 1 MiB in all', async () => {
    const { state } = await open()
    await state.put('n'.repeat(MAX_NAME), new Uint8Array(65_000))
    const many = Array.from(
      { length: MAX_BULK + 1 },
      (_, at) => ({ type: 'put', name: `${at}`, value: at }) as const,
    )
    await expect(state.bulk(many)).rejects.toMatchObject({ code: 'record-too-large' })
    await state.bulk(many.slice(1))
    const fill = async () => {
      for (let at = 0; at < 17; at++) await state.put(`big/${at}`, new Uint8Array(65_000))
    }
    await expect(fill()).rejects.toMatchObject({ code: 'state-full' })
    expect(state.list('big/')).toHaveLength(14)
  })

  it('says who has it, and can wait until someone does', async () => {
    const { state, port } = await open()
    expect((await state.put('a', 1)).holders).toEqual([])
    const waiting = state.put('b', 2, { until: 'backed-up' })
    await state.put('c', 3)
    port.back('ben', 1)
    port.back('ben', 2)
    expect(await waiting).toMatchObject({ version: { n: 2 }, holders: ['ben'] })
    port.back('cleo', 4)
    expect((await state.put('d', 4)).holders).toEqual(['cleo'])
  })

  it('stops waiting when its signal fires or the node stops, and is kept all the same', async () => {
    const { state } = await open()
    const abort = new AbortController()
    const one = state.put('a', 1, { until: 'backed-up', signal: abort.signal })
    const two = state.put('b', 2, { until: 'backed-up' })
    await state.put('c', 3)
    abort.abort(new Error('enough'))
    await expect(one).rejects.toThrow('enough')
    const stopped = expect(two).rejects.toMatchObject({ code: 'stopped' })
    await state.stop()
    await stopped
    expect(state.list()).toHaveLength(3)
    await expect(state.put('d', 4)).rejects.toMatchObject({ code: 'stopped' })
  })
})

describe('a watch', () => {
  it('tells what changes from now on, here and elsewhere, under its prefix', async () => {
    const [one, two] = [await open('one'), await open('two')]
    await one.state.put('x/0', 0)
    const seen = one.state.watch('x/')
    await one.state.put('x/1', 1)
    await one.state.put('y/1', 1)
    await one.state.delete('x/0')
    await two.state.put('x/2', 2, { public: true })
    meet(one.port, two.port)
    expect(await take(seen, 3)).toEqual([
      { type: 'put', name: 'x/1', value: 1, public: false },
      { type: 'delete', name: 'x/0' },
      { type: 'put', name: 'x/2', value: 2, public: true },
    ])
  })

  it('of a slow reader holds the last change of each name', async () => {
    const { state } = await open()
    const seen = state.watch()
    for (const value of [1, 2, 3]) await state.put('a', value)
    await state.put('b', 1)
    await state.delete('b')
    await state.stop()
    const all: StateChange[] = []
    for await (const change of seen) all.push(change)
    expect(all).toEqual([
      { type: 'put', name: 'a', value: 3, public: false },
      { type: 'delete', name: 'b' },
    ])
  })

  it('ends with its signal, its loop or the node', async () => {
    const { state } = await open()
    const abort = new AbortController()
    const first = expect(state.watch('', abort).next()).rejects.toThrow('enough')
    abort.abort(new Error('enough'))
    await first
    await expect(state.watch('', abort).next()).rejects.toThrow('enough')
    const looped = state.watch()
    await state.put('a', 1)
    for await (const _ of looped) break
    expect(await looped.next()).toEqual({ value: undefined, done: true })
    const last = state.watch().next()
    await state.stop()
    expect(await last).toEqual({ value: undefined, done: true })
    expect(await state.watch().next()).toEqual({ value: undefined, done: true })
  })
})

describe('two devices of one owner', () => {
  it('see the same in the end, whatever they wrote apart', async () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const step = fc.oneof(
      fc.record({ type: fc.constant('put' as const), name, value: fc.nat(), public: fc.boolean() }),
      fc.record({ type: fc.constant('delete' as const), name }),
      fc.record({ type: fc.constant('meet' as const) }),
    )
    const steps = fc.array(fc.tuple(fc.boolean(), step), { maxLength: 15 })
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const [one, two] = [await open('one'), await open('two')]
        for (const [first, act] of story) {
          if (act.type === 'meet') meet(one.port, two.port)
          else await (first ? one : two).state.bulk([act])
        }
        meet(one.port, two.port)
        // A write that changes nothing waits for what was merged before.
        await Promise.all([one.state.bulk([]), two.state.bulk([])])
        expect(one.state.list()).toEqual(two.state.list())
        const fresh = await State.open(seal, one.port)
        expect(fresh.list()).toEqual(one.state.list())
        for (const { name: called, value } of fresh.list()) expect(one.state.get(called)).toEqual(value)
      }),
      { numRuns: 60 },
    )
  })

  it('agree on the later write when one made public what the other kept private', async () => {
    const [one, two] = [await open('one'), await open('two')]
    await one.state.put('a', 'private')
    await two.state.put('a', 'public', { public: true })
    await two.state.put('b', 'public', { public: true })
    await one.state.put('b', 'private')
    meet(one.port, two.port)
    for (const { state } of [one, two]) {
      await state.bulk([])
      expect(state.list().map(({ value }) => value)).toEqual(['public', 'public'])
    }
    // Both of it; and the other name is left as it is.
    await two.state.delete('a')
    expect(two.port.live()).toHaveLength(2)
    expect(two.state.get('a')).toBeUndefined()
  })

  it('shows nothing of an entry that the owner did not write', async () => {
    const mallory = await Seal.of(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(9)))
    const { state, port } = await open()
    const forged = { name: 'a', packed: Uint8Array.of(1), public: true }
    port.merge([await mallory.seal(forged, { n: 9, by: 'x' })])
    await state.put('b', 1)
    expect(state.list()).toEqual([{ name: 'b', value: 1, public: false }])
  })
})

async function open(by = 'session') {
  const port = new MemoryPort(by)
  const state = await State.open(seal, port)
  onTestFinished(() => state.stop())
  return { state, port }
}

function meet(one: MemoryPort, two: MemoryPort): void {
  one.merge([...two.entries()])
  two.merge([...one.entries()])
}

async function take(changes: AsyncIterableIterator<StateChange>, count: number): Promise<StateChange[]> {
  const taken: StateChange[] = []
  while (taken.length < count) taken.push((await changes.next()).value)
  return taken
}
