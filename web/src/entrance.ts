/** `<colonia-entrance>`: one quiet line that says whether one can be called, and if not, why and what next. */
import { css, html, LitElement } from 'lit'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { SecondHand } from './time.ts'
import { Watch } from './watch.ts'

export class EntranceLine extends LitElement {
  static override styles = [
    base,
    css`
      p { display: flex; gap: 0.6rem; align-items: baseline; font-size: 0.9375rem; }
      .dot { flex: none; width: 0.6rem; height: 0.6rem; border-radius: 50%; background: var(--amber); }
      :is([data-state='connected'], [data-state='left']) .dot { background: var(--moss); }
      [data-state='refused'] .dot { background: var(--danger); }
      [data-state='connecting'] .dot, [data-state='starting'] .dot { animation: breathe 1.6s infinite ease-in-out; }
      @keyframes breathe { 50% { opacity: 0.3; } }
    `,
  ]
  static override properties = { session: { attribute: false }, ready: { attribute: false } }
  declare session: Session
  /** What to say when all is well: it differs between one who waits and one who is about to call. */
  declare ready: string

  constructor() {
    super()
    new Watch(this, () => this.session)
    new SecondHand(this)
  }

  override render() {
    const entrance = this.session.entrance
    const state = this.session.state.type === 'starting' ? 'starting' : (entrance?.state ?? 'connecting')
    // The countdown stays out of the live region: it would be read aloud every second.
    return html`<p data-state=${state}>
      <span class="dot"></span>
      <span><span role="status">${this.#words(state)}</span>${this.#countdown()}</span>
    </p>`
  }

  #words(state: keyof typeof text.nest.state | 'starting'): string {
    const words = text.entrance
    if (state === 'refused') {
      return `${words.refused(this.session.entrance?.reason ?? '')} ${words.refusedTodo}`
    }
    if (state === 'connected') return this.ready
    if (state === 'left') return `${this.ready} ${words.left}`
    if (!this.session.serverGone) return words[state]
    const linked = this.session.node?.links.some((link) => link.direct)
    if (this.session.kept) return linked ? text.mesh.keptLinked : text.mesh.kept
    return linked ? words.lostLinked : words.lost
  }

  #countdown(): string {
    const { state, retryAt } = this.session.entrance ?? {}
    if (state !== 'lost' || retryAt === undefined) return ''
    return ` ${text.entrance.retry(Math.ceil((retryAt - Date.now()) / 1000))}`
  }
}

customElements.define('colonia-entrance', EntranceLine)
