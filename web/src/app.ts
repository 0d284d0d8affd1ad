/**
 * `<colonia-app>`: which screen is shown. Its law: a call on the line comes before where the link leads, and a
 * page that cannot work says so before anything else.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import './absence.ts'
import './call.ts'
import './hand.ts'
import './home.ts'
import './incoming.ts'
import './nest.ts'
import './notice.ts'
import './outgoing.ts'
import './preview.ts'
import './seat.ts'
import type { PastCall } from './book.ts'
import { Capture } from './capture.ts'
import { icon, mark } from './icons.ts'
import { Line } from './line.ts'
import { type Route, routeOf, shorten } from './peer.ts'
import { Session, type Trouble } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { duration } from './time.ts'
import { Watch } from './watch.ts'

type Screen =
  | 'trouble'
  | 'elsewhere'
  | 'home'
  | 'preview'
  | 'bad-link'
  | 'hand'
  | 'outgoing'
  | 'incoming'
  | 'seat'
  | 'call'
  | 'ended'

export class App extends LitElement {
  static override styles = [
    base,
    css`
      .bar { display: flex; justify-content: space-between; align-items: center; padding: 0.75rem clamp(1rem, 4vw, 2rem); height: 4.5rem; }
      .brand { display: inline-flex; align-items: center; gap: 0.5rem; font: 600 1.375rem var(--serif); color: inherit; text-decoration: none; border-radius: 0.5rem; }
      .mark { width: 2.1rem; color: var(--accent); }
      .bar.quiet { position: fixed; z-index: 1; inset: 0 0 auto auto; padding: 0.75rem 1rem; height: auto; }
    `,
  ]
  static override properties = { route: { state: true } }
  declare private route: Route
  readonly #capture = new Capture()
  readonly #line = new Line(this.#capture, (call) => this.#remember(call))
  readonly #session = new Session(
    (call) => this.#line.take(call),
    (found) => this.#line.resume(found),
  )
  #shown: Screen | undefined

  constructor() {
    super()
    this.route = routeOf(location.hash)
    addEventListener('hashchange', () => this.#onHashChange())
    new Watch(this, () => this.#session)
    new Watch(this, () => this.#line)
  }

  override firstUpdated(): void {
    void this.#session.start()
  }

  override render() {
    const screen = this.#screen()
    const quiet = screen === 'call'
    return html`
      <div class="bar ${quiet ? 'quiet' : ''}">
        ${quiet ? nothing : html`<a class="brand" href="#" @click=${() => this.#goHome()}>${mark}Colonia</a>`}
        <colonia-nest ?quiet=${quiet} .session=${this.#session}></colonia-nest>
      </div>
      <p class="unseen" aria-live="polite" data-role="announcement">${this.#announcement()}</p>
      ${this.#show(screen)}
    `
  }

  override updated(_changed: PropertyValues): void {
    const screen = this.#screen()
    if (screen === this.#shown) return
    const first = this.#shown === undefined
    this.#shown = screen
    if (['trouble', 'elsewhere', 'home', 'bad-link', 'ended'].includes(screen)) void this.#capture.close()
    if (!first) void this.#focusHeading()
  }

  #screen(): Screen {
    if (this.#session.state.type === 'failed') return 'trouble'
    const { state } = this.#line
    const elsewhere = this.#session.node?.contingency.superseded
    if (elsewhere && (state.type === 'idle' || state.type === 'ended')) return 'elsewhere'
    switch (state.type) {
      case 'idle':
        return this.route.type === 'person' ? 'preview' : this.route.type
      case 'dialing':
      case 'answering':
        return 'outgoing'
      case 'call':
        return state.call.phase === 'calling' || state.call.phase === 'ringing' ? 'outgoing' : 'call'
      default:
        return state.type
    }
  }

  #show(screen: Screen) {
    const [session, capture, line] = [this.#session, this.#capture, this.#line]
    switch (screen) {
      case 'trouble':
        return session.state.type === 'failed' ? this.#trouble(session.state.trouble) : nothing
      case 'elsewhere':
        return html`<colonia-notice .explanation=${text.elsewhere.is} data-elsewhere>
          <button class="main" @click=${() => location.reload()}>${icon('again')}${text.elsewhere.takeOver}</button>
        </colonia-notice>`
      case 'home':
        return html`<colonia-home .session=${session}></colonia-home>`
      case 'preview': {
        const peer = this.route.type === 'person' ? this.route.peer : ''
        return html`<colonia-preview .session=${session} .capture=${capture} .line=${line} .peer=${peer}></colonia-preview>`
      }
      case 'bad-link':
        return html`<colonia-notice .explanation=${text.trouble['bad-link']}>${this.#homeButton()}</colonia-notice>`
      case 'hand': {
        const given = this.route.type === 'hand' ? this.route.given : ''
        return html`<colonia-hand .session=${session} .given=${given}></colonia-hand>`
      }
      case 'outgoing':
        return html`<colonia-outgoing .session=${session} .line=${line}></colonia-outgoing>`
      case 'incoming':
        return html`<colonia-incoming .line=${line}></colonia-incoming>`
      case 'seat':
        return html`<colonia-seat .line=${line}></colonia-seat>`
      case 'call':
        return html`<colonia-call .session=${session} .line=${line} .capture=${capture}></colonia-call>`
      case 'ended':
        return line.state.type === 'ended' ? this.#ended(line.state.past) : nothing
    }
  }

  #trouble(trouble: Trouble) {
    const detail = 'detail' in trouble ? trouble.detail : undefined
    return html`<colonia-notice .explanation=${text.trouble[trouble.type]} .detail=${detail} data-trouble=${trouble.type}>
      <button class="main" @click=${() => location.reload()}>${icon('again')}${text.reload}</button>
    </colonia-notice>`
  }

  #ended(past: PastCall) {
    const t = text.ended
    const lasted = past.seconds === undefined ? '' : ` ${t.lasted(duration(past.seconds * 1000))}`
    const words = t[past.end]
    const explanation = { ...words, what: `${words.what}${lasted}` }
    const name = this.#session.nameOf(past.peer) || past.name
    const again = () => this.#line.dial(past.peer, this.#session.running())
    return html`<colonia-notice .explanation=${explanation} .detail=${text.call.with(name || shorten(past.peer))} data-end=${past.end}>
      ${gone(past) ? html`<colonia-absence slot="more" open .session=${this.#session} .peer=${past.peer} .name=${name}></colonia-absence>` : nothing}
      <button class="main" @click=${again}>${icon('phone')}${past.end === 'cancelled' ? t.callBack : t.again}</button>
      ${this.#homeButton()}
    </colonia-notice>`
  }

  #remember(past: PastCall): void {
    void this.#session.book?.remember({ ...past, name: past.name || this.#session.nameOf(past.peer) })
  }

  #homeButton() {
    return html`<button @click=${() => this.#goHome()}>${icon('home')}${text.goHome}</button>`
  }

  #goHome(): void {
    if (this.#line.call === undefined) this.#line.hangUp()
    location.hash = ''
  }

  /** A new link clears what was said about the last call, and leaves a call that is not over alone. */
  #onHashChange(): void {
    this.route = routeOf(location.hash)
    if (this.#line.call === undefined) this.#line.hangUp()
  }

  #announcement(): string {
    const { state } = this.#line
    if (state.type === 'dialing') return text.call.phase.starting
    if (state.type === 'ended') return text.ended[state.past.end].title
    const call = this.#line.call
    if (call?.away !== undefined) return text.call.waiting(call.peerName || shorten(call.peer))
    return call === undefined ? '' : text.call.phase[call.phase]
  }

  async #focusHeading(): Promise<void> {
    const screen = this.renderRoot.lastElementChild
    if (screen instanceof LitElement) {
      await screen.updateComplete
      screen.renderRoot.querySelector('h1')?.focus({ preventScroll: true })
    }
  }
}

/** Whether they may be away. */
function gone({ direction, end }: PastCall): boolean {
  return direction === 'outgoing' && (end === 'unreachable' || end === 'no-answer')
}

customElements.define('colonia-app', App)
