/**
 * A house of peers: a process in which several live, to be told what to do, and killed. Run with `HouseOptions` as JSON;
 * takes a command a line, as many at once as there are, and answers each with a line of the same `id`:
 * `{"id":…,"value":…}` or `{"id":…,"error":"code"}`.
 */
import { createInterface } from 'node:readline'
import { setTimeout as pass } from 'node:timers/promises'
import { byteStream } from '@libp2p/utils'
import { type ColoniaNode, createNode } from '#node/index'
import { isDirect } from '#node/link/links'
import { createNodeIn } from '#node/node'
import type { Parts } from '#node/parts'
import { until } from '../until.ts'
import { cables, opened } from './cable.ts'
import type { Commands, HouseOptions } from './commands.ts'

/** Libp2p's ping, of which each connection may have one stream: used when its own watch does not. */
const PING = '/ipfs/ping/1.0.0'
const PING_BYTES = 32
/** How often is looked for what no event tells, in milliseconds. */
const LOOK = 200

interface Resident {
  node: ColoniaNode
  parts: Parts
  /** All whom it has been linked to since it came. */
  met: Set<string>
}

const { over, ...options } = JSON.parse(process.argv[2] ?? '{}') as HouseOptions
const residents = new Map<string, Resident>()

const perform: Commands = {
  async arrive({ links, held, millis }) {
    const began = performance.now()
    const node = await (over === 'cable' ? createNodeIn({ medium: cables }, options) : createNode(options))
    const { parts } = node as unknown as { parts: Parts }
    const met = new Set<string>()
    node.addEventListener('link', ({ detail }) => {
      if (detail.direct) met.add(detail.peer)
    })
    residents.set(node.id, { node, parts, met })
    const settled = async () => {
      await until(node, 'link', () => direct(node).length >= links, { what: `${links} links`, millis })
      const warm = () => node.contingency.holders.filter((one) => one.warm).length >= held
      await until(node, 'contingency', warm, { what: `being held by ${held}`, millis })
    }
    const late = await settled().then(
      () => undefined,
      (error: Error) => error.message,
    )
    return { peer: node.id, millis: performance.now() - began, ...(late === undefined ? {} : { late }) }
  },

  async find({ from, to, millis }) {
    return await resident(from).node.find(to, { signal: AbortSignal.timeout(millis) })
  },

  async connect({ from, to, millis }) {
    const began = performance.now()
    await resident(from).node.connect(to, { signal: AbortSignal.timeout(millis) })
    return { millis: performance.now() - began }
  },

  async presence({ from, to }) {
    return await resident(from).node.presence(to)
  },

  async knows({ from, to }) {
    const { parts, met } = resident(from)
    const open = parts.links.get(to)
    if (open !== undefined && isDirect(open)) return 'link'
    return open !== undefined || met.has(to) || parts.links.atlas.last(to) !== undefined
      ? 'cache'
      : 'stranger'
  },

  async registered({ from, to, millis }) {
    const { parts } = resident(from)
    const signal = AbortSignal.timeout(millis)
    // There is no event for what others keep.
    for (;;) {
      const found = await parts.registry.find(to, { signal })
      if (found !== undefined) return { contingents: found.contingents }
      await pass(LOOK, undefined, { signal })
    }
  },

  async ping({ from, to }) {
    const connection = resident(from).parts.links.get(to)
    if (connection === undefined) throw new Error('they are not linked')
    const stream = await connection.newStream(PING, { signal: AbortSignal.timeout(5_000) })
    const bytes = byteStream(stream)
    try {
      // The first one waits for the protocol to be agreed on.
      await echo(bytes)
      const began = performance.now()
      await echo(bytes)
      return performance.now() - began
    } finally {
      await stream.close()
    }
  },

  async report() {
    return [...residents.values()].map(({ node }) => ({
      peer: node.id,
      links: direct(node),
      holders: node.contingency.holders.flatMap(({ peer, warm }) => (warm ? peer : [])),
      entrances: node.entrances.map(({ state }) => state),
      counts: { ...node.counts, ...(over === 'cable' && { peerConnections: opened.get(node.id) ?? 0 }) },
    }))
  },
}

for await (const line of createInterface(process.stdin)) void answer(JSON.parse(line))
process.exit(0)

async function answer({
  id,
  name,
  argument,
}: {
  id: number
  name: keyof Commands
  argument: never
}): Promise<void> {
  try {
    say({ id, value: await perform[name](argument) })
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    say({ id, error: typeof code === 'string' ? code : message })
  }
}

async function echo(bytes: ReturnType<typeof byteStream>): Promise<void> {
  const signal = AbortSignal.timeout(5_000)
  await bytes.write(crypto.getRandomValues(new Uint8Array(PING_BYTES)), { signal })
  await bytes.read({ bytes: PING_BYTES, signal })
}

function resident(peer: string): Resident {
  const found = residents.get(peer)
  if (found === undefined) throw new Error(`${peer} does not live here`)
  return found
}

function direct(node: ColoniaNode): string[] {
  return node.links.flatMap(({ direct, peer }) => (direct ? peer : []))
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
