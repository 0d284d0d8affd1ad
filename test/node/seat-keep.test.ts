/** The record of a seat: there from the first media to the end of its call, found again while it is fresh. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { NodeCall } from '#node/call/call'
import { Seat, type SeatRecord } from '#node/call/seat'
import type { Resumption } from '#node/index'
import { Seal } from '#node/state/seal'
import { State } from '#node/state/state'
import { type Phase, timing } from '#protocols/call/index'
import { World } from '../../simulations/world.ts'
import { MemoryPort } from './state-port.ts'

const seal = await Seal.of(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1)))
const off = { audio: false, video: false }

afterEach(() => void vi.useRealTimers())

describe('a seat', () => {
  it('is kept while media flows, with what is sent, and gone with the call', async () => {
    const { state, seat, call, kept } = await set()
    update(seat, call, 'connecting')
    expect(await kept()).toBeUndefined()
    update(seat, call, 'active')
    expect(await kept()).toMatchObject({ call: 'id', peer: 'ben', direction: 'outgoing', media: off })
    update(seat, call, 'active', { audio: true, video: false })
    expect(await kept()).toMatchObject({ media: { audio: true, video: false } })
    update(seat, call, 'ended')
    expect([await kept(), state.list()]).toEqual([undefined, [expect.objectContaining({ name: 'turn' })]])
  })

  it('says every ten seconds that its call goes on', async () => {
    const { seat, call, kept, pass } = await set()
    update(seat, call, 'active')
    const first = await kept()
    pass(10_000)
    expect(await kept()).toEqual({ ...first, at: (first?.at ?? 0) + 10_000 })
    await seat.stop()
    pass(60_000)
    expect((await kept())?.at).toBe((first?.at ?? 0) + 10_000)
  })

  it('is found again, waits until the call is gone on with, and is not renewed before', async () => {
    const { state, seat, call, pass } = await set()
    update(seat, call, 'active', { audio: true, video: true })
    pass(0)
    await seat.stop()
    pass(30_000)
    const again = await set(state)
    again.seat.open()
    expect(again.found).toMatchObject([{ elsewhere: false, media: { audio: true, video: true } }])
    expect(again.sat).toMatchObject([{ record: { call: 'id' }, patience: timing.lost - 30_000 }])
    expect(again.seat.waiting?.until).toBe(Date.now() + timing.lost - 30_000)
    const waits = again.seat.waiting?.call as NodeCall
    update(again.seat, waits, 'reconnecting')
    expect(again.seat.waiting).toBeDefined()
    waits.accept()
    update(again.seat, waits, 'reconnecting')
    expect(again.seat.waiting).toBeUndefined()
  })

  it.each([
    ['too old', -timing.lost],
    ['of another time altogether', timing.lost],
  ])('%s is deleted and brings nobody back', async (_, shift) => {
    const { state, seat, kept, sat } = await set()
    await state.put('seat', { ...record, at: Date.now() + shift })
    seat.open()
    expect([await kept(), sat]).toEqual([undefined, []])
  })

  it('that no version of ours has written brings nobody back', async () => {
    const { state, seat, sat } = await set()
    await state.put('seat', { ...record, media: 'yes', at: Date.now() })
    seat.open()
    expect(sat).toEqual([])
  })

  it('that holders give back is found, but not one of a device that is in the call now', async () => {
    const { state, seat, kept, found } = await set()
    seat.open()
    await state.put('seat', { ...record, at: Date.now() + 1 })
    await kept()
    expect(found).toEqual([])
    const since = Date.now() - 5_000
    await state.put('seat', { ...record, at: since })
    await vi.waitFor(() => expect(found).toMatchObject([{ elsewhere: true, since }]))
  })
})

const record: SeatRecord = { call: 'id', peer: 'ben', direction: 'incoming', since: 1, at: 0, media: off }

/** A seat on a state, and a call that Ana made to Ben; time is turned by hand. */
async function set(before?: State) {
  const now = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now })
  const world = new World(1)
  const state = before ?? (await State.open(seal, new MemoryPort('s1')))
  const found: Resumption[] = []
  const sat: { record: SeatRecord; patience: number }[] = []
  const sit = (one: SeatRecord, patience: number) => {
    sat.push({ record: one, patience })
    const call = newCall()
    call.resume(one.since, one.media)
    return call
  }
  const seat = new Seat(state, { sit }, (one) => found.push(one), world)
  onTestFinished(() => seat.stop())
  return {
    state,
    seat,
    sat,
    found,
    call: newCall(),
    pass(millis: number) {
      vi.setSystemTime(Date.now() + millis)
      world.run(millis)
    },
    /** What is kept once all is written that was asked for: writes happen in their order. */
    async kept(): Promise<SeatRecord | undefined> {
      await state.put('turn', 1)
      return state.get('seat') as SeatRecord | undefined
    },
  }
}

function newCall(): NodeCall {
  const nothing = () => undefined
  const actions = () => ({ accept: nothing, decline: nothing, hangUp: nothing, setMedia: nothing })
  return new NodeCall('id', 'ben', 'outgoing', snapshot('calling'), actions)
}

function snapshot(phase: Phase, localMedia = off) {
  return { phase, end: undefined, name: undefined, localMedia, remoteMedia: off, away: undefined }
}

function update(seat: Seat, call: NodeCall, phase: Phase, media = off): void {
  call.update(snapshot(phase, media), 0)
  seat.follow(call)
}
