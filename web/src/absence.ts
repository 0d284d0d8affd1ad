/**
 * `<colonia-absence>`: one calm line that someone is away and since when, and a form to leave them a message. It
 * looks again now and then, shows nothing while nothing is known, and says when they are back. What they call
 * themselves the session hears from it.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Link, PeerId, Presence } from '#node/api'
import { icon } from './icons.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { language, text } from './text/index.ts'
import { moment } from './time.ts'

/** Longest message: three bytes a character fit into what is kept, with room to spare. */
const MAX_TEXT = 1_000
/** How many are left is told when it begins to matter. */
const FEW = 200
/** Between two looks, in milliseconds: at first links are being made, and others still find out themselves (guess). */
const SOON = 1_500
const LATER = 15_000

/** What is sealed. */
export interface Note {
  text: string
  /** What the sender calls itself. */
  name: string
}

type Sending = 'no' | 'writing' | 'sending' | 'kept' | 'kept-here' | 'full' | 'nobody' | { failed: string }

export class Absence extends LitElement {
  static override styles = [
    base,
    css`
      :host { display: grid; gap: 0.9rem; }
      .line { display: flex; gap: 0.6rem; align-items: baseline; font-weight: 600; }
      .dot { flex: none; width: 0.6rem; height: 0.6rem; border-radius: 50%; background: var(--amber); }
      .dot.here { background: var(--moss); }
      form { display: grid; gap: 0.75rem; }
      textarea { font: inherit; color: var(--ink); background: var(--paper); width: 100%; min-height: 6.5rem; resize: vertical; border: 1.5px solid var(--line); border-radius: 0.75rem; padding: 0.6rem 0.8rem; }
      textarea::placeholder { color: var(--soft); opacity: 1; }
      .good { background: var(--wash); border-radius: 0.75rem; padding: 0.7rem 0.9rem; }
      .error { color: var(--danger); }
      .offer { justify-self: start; }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    peer: { attribute: false },
    name: { attribute: false },
    open: { type: Boolean },
    presence: { state: true },
    sending: { state: true },
    written: { state: true },
  }
  declare session: Session
  declare peer: PeerId
  /** What they are called here, if anything; otherwise what they call themselves. */
  declare name: string | undefined
  /** Whether the form is there at once. */
  declare open: boolean
  declare private presence: Presence
  declare private sending: Sending
  declare private written: string
  #wasAway = false
  /** Of the text as it is now: sent again, it is the same message. */
  #id: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking = new AbortController()

  constructor() {
    super()
    this.open = false
    this.#forget()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#watch()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#looking.abort()
  }

  /** Another link was opened meanwhile. */
  override willUpdate(changed: PropertyValues): void {
    const before = changed.get('peer')
    if (before === undefined || before === this.peer) return
    this.#forget()
    void this.#watch()
  }

  override updated(changed: PropertyValues): void {
    if (changed.get('sending') === 'no' && this.sending === 'writing') this.#focus('textarea')
    if (changed.get('sending') === 'writing' && this.sending === 'no') this.#focus('.offer')
  }

  override render() {
    return html`<div role="status">${this.#line()}</div>${this.#message()}`
  }

  get #who(): string {
    const { presence } = this
    const theirs = presence.presence === 'unknown' ? undefined : presence.name
    return this.name || theirs || shorten(this.peer)
  }

  #line() {
    const { presence } = this
    const t = text.letters
    if (presence.presence === 'present' && this.#wasAway) {
      return html`<p class="line" data-presence="present"><span class="dot here"></span>${t.back(this.#who)}</p>`
    }
    if (presence.presence !== 'away') return nothing
    const { since } = presence
    const words = since === undefined ? t.away(this.#who) : t.awaySince(this.#who, moment(since, language))
    return html`<p class="line" data-presence="away"><span class="dot"></span>${words}</p>`
  }

  #message() {
    const { sending } = this
    const t = text.letters
    if (sending === 'kept' || sending === 'kept-here') {
      const words = sending === 'kept' ? t.kept(this.#who) : t.keptHere(this.#who)
      return html`<p class="good" role="status" data-role="kept">${words}</p>
        ${this.presence.presence === 'away' ? this.#offer(t.another) : nothing}`
    }
    if (sending === 'no' && this.presence.presence !== 'away') return nothing
    return sending === 'no' && !this.open ? this.#offer(t.offer) : this.#form()
  }

  #offer(words: string) {
    return html`<button class="offer" @click=${() => {
      this.sending = 'writing'
    }}>${icon('letter')}${words}</button>`
  }

  #form() {
    const t = text.letters
    const busy = this.sending === 'sending'
    const left = MAX_TEXT - this.written.length
    return html`<form @submit=${this.#onSubmit}>
      <div>
        <label for="words">${t.label(this.#who)}</label>
        <textarea id="words" maxlength=${MAX_TEXT} placeholder=${t.placeholder} aria-describedby="left" ?readonly=${busy}
          .value=${this.written} @input=${this.#onInput}></textarea>
        <p id="left" class="soft small" ?hidden=${left > FEW}>${t.left(left)}</p>
      </div>
      <p class="error" role="alert" ?hidden=${this.#fault() === ''}>${this.#fault()}</p>
      <div class="row">
        <button class="main" ?disabled=${busy || this.written.trim() === ''}>${icon('letter')}${busy ? t.sending : t.send}</button>
        ${
          this.open
            ? nothing
            : html`<button type="button" ?disabled=${busy} @click=${() => {
                this.sending = 'no'
              }}>${t.cancel}</button>`
        }
      </div>
    </form>`
  }

  #fault(): string {
    const { sending } = this
    const t = text.letters
    if (typeof sending === 'object') return t.failed(sending.failed)
    return sending === 'full' || sending === 'nobody' ? t[sending](this.#who) : ''
  }

  #onInput(event: Event & { target: HTMLTextAreaElement }): void {
    this.written = event.target.value
    this.#id = undefined
    if (this.sending !== 'sending') this.sending = 'writing'
  }

  async #onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const { peer } = this
    const words = this.written.trim()
    if (words === '' || this.sending === 'sending') return
    this.sending = 'sending'
    const node = await this.session.running()
    this.#id ??= crypto.randomUUID().replaceAll('-', '')
    const note: Note = { text: words, name: this.session.name }
    let became: Sending
    try {
      const { kept } = await node.leaveMessage(peer, note, { id: this.#id })
      became = kept.includes(node.id) ? 'kept-here' : 'kept'
    } catch (error) {
      became = this.#failure(error)
    }
    if (peer !== this.peer) return
    this.sending = became
    if (became !== 'kept' && became !== 'kept-here') return
    this.written = ''
    this.#id = undefined
  }

  #failure(error: unknown): Sending {
    switch ((error as { code?: string }).code) {
      case 'present':
        this.#wasAway = true
        this.presence = { presence: 'present', by: this.peer }
        // The text stays, in case they are gone again before one has called.
        return 'writing'
      case 'inbox-full':
        return 'full'
      case 'nobody-stands-in':
        return 'nobody'
      default:
        return { failed: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Whenever their link comes or goes it is time to look again. */
  async #watch(): Promise<void> {
    clearTimeout(this.#timer)
    this.#looking.abort()
    this.#looking = new AbortController()
    const { signal } = this.#looking
    const node = await this.session.running()
    if (signal.aborted) return
    const again = ({ detail }: CustomEvent<PeerId | Link>) => {
      if ((typeof detail === 'string' ? detail : detail.peer) === this.peer) void this.#watch()
    }
    node.addEventListener('link', again, { signal })
    node.addEventListener('unlink', again, { signal })
    await this.#look(signal)
  }

  async #look(signal: AbortSignal, wait = SOON): Promise<void> {
    const node = await this.session.running()
    if (signal.aborted || node.id === this.peer) return
    const found = await node.presence(this.peer, { signal }).catch(() => undefined)
    if (signal.aborted) return
    // Who is not found for once is still what was last heard of them.
    if (found !== undefined && found.presence !== 'unknown') this.presence = found
    this.#wasAway ||= this.presence.presence === 'away'
    if (found !== undefined && 'name' in found) this.session.hear(this.peer, found.name ?? '')
    this.#timer = setTimeout(() => void this.#look(signal, Math.min(LATER, 1.5 * wait)), wait)
  }

  #forget(): void {
    this.presence = { presence: 'unknown' }
    this.sending = 'no'
    this.written = ''
    this.#wasAway = false
    this.#id = undefined
  }

  #focus(what: string): void {
    this.renderRoot.querySelector<HTMLElement>(what)?.focus()
  }
}

customElements.define('colonia-absence', Absence)
