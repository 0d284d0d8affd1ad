/**
 * One person's end of the bench. The command presses its buttons from outside; what is timed, from pressing
 * Call to seeing the other side, begins and ends in here, on one clock.
 */
import { openColonia } from './colonia.ts'
import { floor } from './floor.ts'
import { LIMIT } from './limit.ts'
import { openPeerJs } from './peerjs.ts'
import type { Phone } from './phone.ts'
import { firstFrame } from './screen.ts'
import { drawCodes, readAges } from './timecode.ts'

let camera = new MediaStream()
let codes: MediaStream | undefined
/** What this person answers with: the camera, or time codes in its place. */
const mine = () => codes ?? camera

/** `cold` and `warm` are two peers of Colonia: one that meets the other in the call, and one linked before. */
export type PhoneName = 'peerjs' | 'cold' | 'warm'

const phones = new Map<PhoneName, Phone>()

function phone(name: PhoneName): Phone {
  const found = phones.get(name)
  if (found === undefined) throw new Error(`${name} is not open`)
  return found
}

const buttons = {
  async openCamera(): Promise<void> {
    const video = { width: 1280, height: 720 }
    camera = await navigator.mediaDevices.getUserMedia({ audio: true, video })
  },

  /** Sends time codes, or the camera again, from the next call on. */
  send(what: 'camera' | 'codes'): void {
    for (const track of codes?.getTracks() ?? []) track.stop()
    codes = what === 'codes' ? drawCodes() : undefined
  },

  /** Registers with PeerJS's own server on `peerjsPort`, or becomes a new peer of Colonia; where to call. */
  async open(name: PhoneName, peerjsPort: number): Promise<string> {
    const opened = name === 'peerjs' ? await openPeerJs(peerjsPort, mine) : await openColonia(mine)
    phones.set(name, opened)
    return opened.id
  },

  close: (name: PhoneName): Promise<void> => phone(name).close(),

  link: (name: PhoneName, to: string): Promise<void> => inTime(() => phone(name).link(to)),

  /** Milliseconds from pressing Call to the first remote frame. @throws after LIMIT */
  call: (name: PhoneName, to: string): Promise<number> =>
    inTime(async () => {
      const pressed = performance.now()
      return (await firstFrame(await phone(name).call(to, mine()))) - pressed
    }),

  /** Ends what `call` began. */
  hangUp: (name: PhoneName): Promise<void> => phone(name).hangUp(),

  /** The same for two connections within this page. */
  floor: (): Promise<number> => inTime(() => floor(camera)),

  /** Calls, and reads the ages of `count` frames shown here, in milliseconds, after the first `skip`. */
  async ages(name: PhoneName, to: string, skip: number, count: number): Promise<number[]> {
    const remote = await inTime(() => phone(name).call(to, mine()))
    return await inTime(() => readAges(remote, skip, count))
  },
}

/** @throws Error after LIMIT */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer = 0
  const late = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => reject(new Error(`not within ${LIMIT} ms`)), LIMIT)
  })
  return await Promise.race([work(), late]).finally(() => clearTimeout(timer))
}

export type Bench = typeof buttons

Object.assign(globalThis, { bench: buttons })
