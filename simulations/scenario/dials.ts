/**
 * The dials of a scenario: one flag for each of its fields, with how it is written and what it says. The parser, the
 * help text, the README and the command line in a report are made from this list.
 */
import { MAX_RANKS } from '#protocols/contingency/index'
import { MAX_LINKS } from '#protocols/links/index'
import { type Codec, number, share, span, words } from './codec.ts'
import { faultCodec, faults, inOrder } from './faults.ts'
import type { Fault, Kademlia, Scenario } from './scenario.ts'
import { latency, shape } from './shapes.ts'

/** A scenario while it is set. */
export type Draft = { -readonly [Key in keyof Scenario]: Scenario[Key] }

export interface Dial {
  flag: string
  /** In place of the value in a help text. */
  takes: string
  /** What it means; what it is without the flag comes from the scenario. */
  says: string
  /** What is allowed, to end "must be". */
  allowed: string
  /** Whether it may be given several times. */
  many: boolean
  /** Sets all that was given. False when one of them is not allowed. */
  set(draft: Draft, texts: readonly string[]): boolean
  /** What would have to be given for this scenario; `[]` when nothing is said of it. */
  get(scenario: Scenario): string[]
}

/** Most nodes, those that a flash crowd brings among them; the memory of the machine may allow fewer. */
export const MAX_NODES = 10_000_000
const DAY = 86_400_000
/** How often a peer does something in an hour: up to once a second. */
const HOURLY = number({ from: 0, to: 3_600 })
const NEVER = 'never'
const AUTO = 'auto'
/** Fewer peers are no colony that stands for a large one (`simulations/README.md`). */
const colony = number({ from: 256, to: MAX_NODES, whole: true })
const NONE = 'none'
const TRACE = 'trace:'

export const dials: readonly Dial[] = [
  dial('nodes', number({ from: 2, to: MAX_NODES, whole: true }), 'peers alive at once, on the average'),
  dial('hours', number({ from: 0, to: 8_784, above: true }), 'hours of virtual time'),
  dial(
    'seed',
    number({ from: 0, to: 2 ** 32 - 1, whole: true }),
    'of the first run; the others have the next ones',
  ),
  dial('seeds', number({ from: 1, to: 1_000, whole: true }), 'runs, each with a seed of its own'),
  {
    flag: 'session',
    takes: `SHAPE|${TRACE}FILE`,
    says: 'how long a peer stays; a churn trace takes the place of --nodes and --ungraceful, too',
    allowed: `${TRACE}FILE or ${shape.allowed}`,
    many: false,
    set(draft, [text = '']) {
      delete draft.trace
      if (text.startsWith(TRACE)) draft.trace = text.slice(TRACE.length)
      else return assign(draft, 'session', shape.read(text))
      return draft.trace !== ''
    },
    get({ trace, session }) {
      if (trace !== undefined) return [`${TRACE}${trace}`]
      return session.kind === 'empirical' ? [] : [shape.write(session)]
    },
  },
  {
    flag: 'away',
    takes: `SHAPE|${NEVER}`,
    says: 'from the end of a session until the same peer is back',
    allowed: `${NEVER} or ${shape.allowed}`,
    many: false,
    set(draft, [text = '']) {
      delete draft.away
      return text === NEVER || assign(draft, 'away', shape.read(text))
    },
    get({ away }) {
      if (away?.kind === 'empirical') return []
      return [away === undefined ? NEVER : shape.write(away)]
    },
  },
  dial('ungraceful', share, 'share of sessions that end without a goodbye'),
  dial('contingents', number({ from: 0, to: MAX_RANKS, whole: true }), 'who keep a copy of a state'),
  dial('choose', words('oldest', 'random', 'fresh', 'closest'), 'who of the linked peers is appointed'),
  dial('links', number({ from: 0, to: MAX_LINKS, whole: true }), 'that a peer aims for'),
  // The cap of a state is a mebibyte, in `protocols/state/store.ts`.
  named('state-bytes', 'stateBytes', number({ from: 1, to: 1_048_576, whole: true }), 'bytes of a state'),
  dial('writes', HOURLY, 'that a peer makes to its own state in an hour'),
  dial('keep', span({ from: 0, to: 366 * DAY }), 'a state whose owner is away for so long is forgotten'),
  dial('bandwidth', number({ from: 1_000, to: 1e12 }), 'bytes per second from one peer to another'),
  dial('latency', latency, 'round trips of pairs of peers'),
  dial('jitter', span({ from: 0, to: 10_000 }), 'delays vary by up to this, one way'),
  dial(
    'loss',
    number({ from: 0, to: 0.9 }),
    'share of messages that are lost, and sent again by the transport',
  ),
  named('broken-pairs', 'brokenPairs', share, 'share of pairs that cannot be linked directly'),
  kademlia('k', number({ from: 1, to: 64, whole: true }), 'peers in a bucket, and that keep a registration'),
  kademlia('alpha', number({ from: 1, to: 16, whole: true }), 'requests of one look-up at a time'),
  kademlia(
    'refresh',
    span({ from: 1_000, to: 366 * DAY }),
    'from one refresh of a routing table to the next',
  ),
  dial('lookups', HOURLY, 'look-ups that a peer makes in an hour'),
  dial('calls', HOURLY, 'calls that a peer makes in an hour'),
  named('call-span', 'callSpan', span({ from: 1_000, to: 366 * DAY }), 'how long a call lasts'),
  dial(
    'sample',
    number({ from: 1, to: 1_000_000, whole: true }),
    'peers at most that register, look up and are sought; what is said of them is said of all',
  ),
  {
    flag: 'colony',
    takes: `N|${AUTO}`,
    says: 'peers at most that are one colony; of more a run is several, which know nothing of each other',
    allowed: `${AUTO} or ${colony.allowed}`,
    many: false,
    set(draft, [text = '']) {
      delete draft.colony
      return text === AUTO || assign(draft, 'colony', colony.read(text))
    },
    get: (scenario) => [scenario.colony === undefined ? AUTO : colony.write(scenario.colony)],
  },
  dial('heartbeats', words('sampled', 'carried'), 'what comes of them, or each one by one'),
  ...(Object.keys(faults) as Fault['type'][]).map(fault),
]

function dial<Key extends keyof Scenario>(flag: Key, codec: Codec<Scenario[Key]>, says: string): Dial {
  return named(flag, flag, codec, says)
}

function named<Key extends keyof Scenario>(
  flag: string,
  key: Key,
  codec: Codec<Scenario[Key]>,
  says: string,
): Dial {
  return {
    flag,
    takes: codec.takes,
    says,
    allowed: codec.allowed,
    many: false,
    set: (draft, [text = '']) => assign(draft, key, codec.read(text)),
    get: (scenario) => [codec.write(scenario[key])],
  }
}

function kademlia(key: keyof Kademlia, codec: Codec<number>, says: string): Dial {
  return {
    flag: key,
    takes: codec.takes,
    says,
    allowed: codec.allowed,
    many: false,
    set(draft, [text = '']) {
      const value = codec.read(text)
      if (value !== undefined) draft.kademlia = { ...draft.kademlia, [key]: value }
      return value !== undefined
    },
    get: (scenario) => [codec.write(scenario.kademlia[key])],
  }
}

/** Those given take the place of the scenario's own of that kind. */
function fault(type: Fault['type']): Dial {
  const codec = faultCodec(type)
  return {
    flag: type,
    takes: codec.takes,
    says: faults[type].says,
    allowed: `${NONE} or ${codec.allowed}`,
    many: true,
    set(draft, texts) {
      const read = texts.length === 1 && texts[0] === NONE ? [] : texts.map((text) => codec.read(text))
      const given = read.filter((one) => one !== undefined)
      draft.faults = inOrder([...draft.faults.filter((one) => one.type !== type), ...given])
      return given.length === read.length
    },
    get(scenario) {
      const own = scenario.faults.filter((one) => one.type === type)
      return own.length === 0 ? [NONE] : own.map(codec.write)
    },
  }
}

function assign<Key extends keyof Scenario>(
  draft: Draft,
  key: Key,
  value: Scenario[Key] | undefined,
): boolean {
  if (value !== undefined) draft[key] = value
  return value !== undefined
}
