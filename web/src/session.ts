/**
 * The page's one node: loaded behind the first paint, started once, stopped when the page goes.
 *
 * libp2p is some 250 kB that nobody needs in order to see the page, so it comes by a dynamic import, and the
 * screens show what they can until it is there.
 */
import type { Call, ColoniaNode, Entrance, PeerId, Resumption } from '#node/api'
import { Book } from './book.ts'
import { keepPage, openedKept } from './kept.ts'
import { recall, remember } from './memory.ts'
import { missingFeatures } from './support.ts'

export type Trouble = { type: 'insecure' | 'unloaded' } | { type: 'old' | 'broken'; detail: string }

export type SessionState =
  | { type: 'starting' }
  | { type: 'running'; node: ColoniaNode }
  | { type: 'failed'; trouble: Trouble }

/** Names that were heard; the oldest is forgotten (guess: more than anyone looks at in a visit). */
const MAX_HEARD = 64

/** Dispatches `change` whenever the node starts, fails, or sees its entrances, links or contingents change. */
export class Session extends EventTarget {
  state: SessionState = { type: 'starting' }
  /** The server was there or should have been, and is gone; it is not gone when one hung up on purpose. */
  serverGone = openedKept
  /** The page was opened from what is kept on the device, and no server has answered since. */
  kept = openedKept
  /** There as soon as the node is. */
  book: Book | undefined
  #typed: string | undefined
  readonly #heard = new Map<PeerId, string>()
  readonly #onCall: (call: Call) => void
  readonly #onResume: (found: Resumption) => void

  constructor(onCall: (call: Call) => void, onResume: (found: Resumption) => void) {
    super()
    this.#onCall = onCall
    this.#onResume = onResume
  }

  get node(): ColoniaNode | undefined {
    return this.state.type === 'running' ? this.state.node : undefined
  }

  /** The entrance that is doing best, for the one line that tells whether one can be called. */
  get entrance(): Entrance | undefined {
    return best(this.node?.entrances ?? [])
  }

  /** The name that others see. The book's, or until that is there the one last used in this browser. */
  get name(): string {
    return this.book?.name ?? this.#typed ?? recall('name') ?? ''
  }

  set name(name: string) {
    remember('name', name)
    if (this.book === undefined) this.#typed = name
    else void this.book.sign(name)
    if (this.node !== undefined) this.node.name = name
  }

  /** What I call them, or what they called themselves when last heard of. */
  nameOf(peer: PeerId): string | undefined {
    return this.book?.nameOf(peer) ?? this.#heard.get(peer)
  }

  /** That is what `peer` calls itself. */
  hear(peer: PeerId, name: string): void {
    if (name === '' || this.#heard.get(peer) === name) return
    const oldest = this.#heard.keys().next().value
    if (this.#heard.size >= MAX_HEARD && oldest !== undefined) this.#heard.delete(oldest)
    this.#heard.set(peer, name)
    this.#changed()
  }

  /** Never rejects: what goes wrong is a state. */
  async start(): Promise<void> {
    this.#become(await open())
    const node = this.node
    if (node === undefined) return
    node.addEventListener('entrance', () => this.#onEntrance())
    for (const event of ['link', 'unlink', 'contingency'] as const) {
      node.addEventListener(event, () => this.#changed())
    }
    this.#openBook(node)
    node.onIncomingCall(this.#onCall)
    node.onResume(this.#onResume)
    // A page kept by the back-forward cache comes back with a stopped node; it starts afresh.
    addEventListener('pagehide', () => void node.stop({ away: true }))
    addEventListener('pageshow', (event) => {
      if (event.persisted) location.reload()
    })
  }

  /** Resolves with the node once it runs; stays pending if it never does, because then `state` says why. */
  running(): Promise<ColoniaNode> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.node === undefined) return
        this.removeEventListener('change', look)
        resolve(this.node)
      }
      this.addEventListener('change', look)
      look()
    })
  }

  /** What knocks again is still gone: it would only flicker. */
  #onEntrance(): void {
    const servers = this.node?.entrances.filter(({ kind }) => kind === 'bootstrap') ?? []
    const state = best(servers)?.state
    if (state === 'lost') this.serverGone = true
    else if (state !== 'connecting') this.serverGone = false
    if (state === 'connected') {
      this.kept = false
      // By now there is nothing left to load, and the server is known to answer.
      keepPage()
    }
    this.#changed()
  }

  /** A name that was typed meanwhile counts, or else the book's; one without a name takes that of the browser. */
  #openBook(node: ColoniaNode): void {
    const book = new Book(node.state)
    const name = this.#typed ?? (book.name === undefined ? recall('name') || undefined : undefined)
    if (name !== undefined) void book.sign(name)
    this.book = book
    const use = () => {
      node.name = this.name
      remember('name', this.name)
      this.#changed()
    }
    book.addEventListener('change', use)
    use()
  }

  #become(state: SessionState): void {
    this.state = state
    this.#changed()
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

function best(entrances: readonly Entrance[]): Entrance | undefined {
  const order = ['connected', 'left', 'connecting', 'lost', 'refused'] as const
  return order.flatMap((state) => entrances.filter((each) => each.state === state))[0]
}

async function open(): Promise<SessionState> {
  if (!isSecureContext) return failed({ type: 'insecure' })
  const missing = missingFeatures()
  if (missing.length > 0) return failed({ type: 'old', detail: missing.join(', ') })
  const loaded = await import('#node/index').catch(() => undefined)
  if (loaded === undefined) return failed({ type: 'unloaded' })
  try {
    return { type: 'running', node: await loaded.createNode() }
  } catch (error) {
    return failed({ type: 'broken', detail: error instanceof Error ? error.message : String(error) })
  }
}

function failed(trouble: Trouble): SessionState {
  return { type: 'failed', trouble }
}
