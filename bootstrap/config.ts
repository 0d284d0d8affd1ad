/**
 * Everything that an operator can set, as one table. Flags, environment variables, lines of the JSON file,
 * `--help` and the sentences of refusal are all read from it by `options.ts`; the type `Config` too.
 *
 * Times are in seconds and may have a fraction. A number marked "guess" has no better source yet.
 */
import * as v from 'valibot'
import { type IceServer, MAX_ENTRANCES, MAX_ICE_SERVERS, VERSION, wire } from '#protocols/introduction/index'
import { proxyList, urlToMultiaddr } from './address.ts'
import { isTurnUrl } from './turn.ts'

export interface Option<T> {
  /** What it does, for `--help`. */
  help: string
  /** What is allowed, as the end of "… must be". */
  allowed: string
  unit?: string
  default: T
  /** How the text of a flag or variable becomes a value; JSON values are taken as they are. */
  form: 'text' | 'number' | 'list' | 'json'
  schema: v.GenericSchema<unknown, T>
}

const text = (
  fallback: string,
  help: string,
  allowed = 'a text of 1 to 1024 characters',
): Option<string> => ({
  help,
  allowed,
  default: fallback,
  form: 'text',
  schema: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
})

const count = (fallback: number, help: string, [min, max]: [number, number], unit = ''): Option<number> => ({
  help,
  allowed: `a whole number from ${min} to ${max}${unit && ` (${unit})`}`,
  unit,
  default: fallback,
  form: 'number',
  schema: v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max)),
})

const seconds = (fallback: number, help: string): Option<number> => ({
  help,
  allowed: 'a number from 0.01 to 86400 (seconds)',
  unit: 'seconds',
  default: fallback,
  form: 'number',
  schema: v.pipe(v.number(), v.minValue(0.01), v.maxValue(86_400)),
})

const list = (
  help: string,
  allowed: string,
  check: (entry: string) => unknown,
  max = 16,
): Option<string[]> => ({
  help,
  allowed,
  default: [],
  form: 'list',
  schema: v.pipe(v.array(v.pipe(v.string(), v.check(passes(check)))), v.maxLength(max)),
})

/** Where no file is needed. */
export const NO_FILE = 'none'

export const table = {
  /** Loopback, because cameras need a secure context: plain http works at localhost and nowhere else. */
  host: text(
    '127.0.0.1',
    'address to listen on; 0.0.0.0 or :: for all, usually behind a proxy that does TLS',
  ),
  port: count(8080, 'port to listen on; 0 takes a free one', [0, 65_535]),
  announce: list(
    'URLs under which browsers reach this server, when behind a proxy',
    'a list of URLs without a path, such as https://example.org',
    urlToMultiaddr,
  ),
  origins: list(
    'web origins whose pages may connect, besides the one served here; * for any',
    'a list of origins such as https://example.org, or *',
    (entry) => entry === '*' || new URL(entry).origin === entry,
  ),
  bootstraps: list(
    'other bootstraps of this mesh, to tell peers of for when this one is gone; their pages may connect here, too',
    `a list of up to ${MAX_ENTRANCES} origins such as https://example.org`,
    (entry) => introductionOf([], [entry]) && new URL(entry).origin === entry,
    MAX_ENTRANCES,
  ),
  trustedProxies: list(
    'proxies whose X-Forwarded-For and X-Forwarded-Proto are believed',
    'a list of IP addresses or ranges such as 10.0.0.0/8',
    (entry) => proxyList([entry]),
  ),
  identity: text('.colonia/bootstrap.key', 'file that keeps the private key; made when missing'),
  page: text('built-in', 'folder of the web page to serve'),
  churnLog: text(
    NO_FILE,
    'new file for an anonymous churn trace: how long peers stay and how they go, no more',
  ),
  logLevel: {
    help: 'how much to log; people’s addresses appear at debug only',
    allowed: 'one of debug, info, warn, error, silent',
    default: 'info',
    form: 'text',
    schema: v.picklist(['debug', 'info', 'warn', 'error', 'silent']),
  } as Option<'debug' | 'info' | 'warn' | 'error' | 'silent'>,
  iceServers: {
    help: 'STUN and TURN servers to tell peers of, as JSON; without any, only peers whom no NAT parts can meet',
    allowed: 'a JSON list of up to 8 {"urls": [...], "username"?, "credential"?}',
    default: [],
    form: 'json',
    // What can be sent is what is allowed: the wire's own schema decides.
    schema: v.custom<IceServer[]>(passes((iceServers) => introductionOf(iceServers as IceServer[]))),
  } as Option<IceServer[]>,
  turnUrls: list(
    'URLs of a TURN server for which credentials are minted',
    'a list of up to 8 URLs such as turn:turn.example.org:3478?transport=tcp',
    (url) => url.length <= 256 && isTurnUrl(url),
    8,
  ),
  turnSecretFile: text(
    NO_FILE,
    'file with the secret shared with that TURN server (coturn: static-auth-secret)',
  ),
  /** A day, as the draft suggests; shorter ones are asked for again and again. */
  turnSeconds: count(86_400, 'life of the credentials minted for it', [600, 604_800], 'seconds'),

  /** Guess: about 200 kB each for the libp2p connection, so 200 MB. */
  maxConnections: count(1000, 'WebSockets open at once', [1, 100_000]),
  /** Guess: a class or an office behind one NAT, with room for reloads. */
  maxConnectionsPerAddress: count(
    64,
    'WebSockets open at once from one IPv4 address or IPv6 /64',
    [1, 100_000],
  ),
  /** As libp2p's own limit for an inbound upgrade. */
  handshakeSeconds: seconds(10, 'time for HTTP headers, and then for the encrypted handshake'),
  /** One Noise message is at most 65,535 bytes and comes in a frame of its own. */
  maxMessageBytes: count(65_536, 'longest WebSocket message that is read', [1024, 16_777_216], 'bytes'),
  /** Below the 60 s after which common proxies and NATs drop an idle connection. */
  pingSeconds: seconds(30, 'time between WebSocket pings; browsers answer them even for a hidden tab'),
  /** Two unanswered pings and a grace of 30 s. */
  silenceSeconds: seconds(90, 'time without any frame after which a peer counts as dead'),
  /** Guess: a mobile network may stall for some seconds when it changes cells. */
  writeSeconds: seconds(15, 'time in which a peer must take at least some of what is sent to it'),
  /** Guess: four relayed handshakes of 256 KiB at once. */
  maxBufferedBytes: count(
    1_048_576,
    'bytes waiting for one slow peer before it is cut',
    [65_536, 1 << 30],
    'bytes',
  ),
  relayReservations: count(1000, 'peers that can be reached through the relay', [0, 100_000]),
  /** As circuit relay v2 has it by default. */
  relaySeconds: count(120, 'life of a relayed connection', [1, 86_400], 'seconds'),
  /** Twice the default of circuit relay v2: call control with several descriptions runs over it. */
  relayBytes: count(
    262_144,
    'bytes that a relayed connection carries, both ways',
    [16_384, 1 << 30],
    'bytes',
  ),
  /** Four times as many as a newcomer links to, so that one meets different ones than the next (guess). */
  anchors: count(
    32,
    'peers asked to stay connected, through which newcomers come in; 0 asks nobody',
    [0, 100_000],
  ),
  drainSeconds: seconds(8, 'time given to clients to leave at SIGTERM'),
}

export type Config = { [Key in keyof typeof table]: (typeof table)[Key] extends Option<infer T> ? T : never }

export const defaultConfig = Object.fromEntries(
  Object.entries(table).map(([key, option]) => [key, option.default]),
) as Config

/** What the values must be to each other. @returns a sentence when they are not. */
export function contradiction(config: Config): string | undefined {
  if (config.silenceSeconds <= config.pingSeconds) {
    return `silenceSeconds (${config.silenceSeconds}) must be more than pingSeconds (${config.pingSeconds})`
  }
  if (config.turnUrls.length > 0 !== (config.turnSecretFile !== NO_FILE)) {
    return 'turnUrls and turnSecretFile need each other: credentials are minted for the one from the other'
  }
  if (config.turnUrls.length > 0 && config.iceServers.length >= MAX_ICE_SERVERS) {
    return `iceServers must be fewer than ${MAX_ICE_SERVERS} beside turnUrls`
  }
  return undefined
}

function introductionOf(iceServers: IceServer[], entrances: string[] = []): Uint8Array {
  const limits = { relayMillis: 0, relayBytes: 0 }
  return wire.encode({ type: 'introduction', version: VERSION, peers: [], iceServers, limits, entrances })
}

/** Whether `check` neither throws nor answers false. */
function passes<T>(check: (value: T) => unknown): (value: T) => boolean {
  return (value) => {
    try {
      return check(value) !== false
    } catch {
      return false
    }
  }
}
