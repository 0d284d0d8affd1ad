/**
 * `<colonia-hand>`: meeting someone without a server. One gives away an invitation and takes a reply; the other
 * takes the invitation and gives away a reply. The screen says at every step what to do with the text on it.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Invitation, PeerId, Reply } from '#node/api'
import './hand-give.ts'
import './hand-take.ts'
import { passOn, takeFromOthers } from './hand-tabs.ts'
import { icon } from './icons.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { Watch } from './watch.ts'

type Step =
  | { type: 'start' }
  | { type: 'writing'; what: string }
  | { type: 'invited'; invitation: Invitation; connecting: boolean }
  | { type: 'replied'; reply: Reply }
  | { type: 'met'; peer: PeerId }
  | { type: 'handed' }

export class Hand extends LitElement {
  static override styles = [
    base,
    css`
      main { max-width: 40rem; margin: 0 auto; padding: clamp(1rem, 4vw, 2.5rem) clamp(1rem, 4vw, 2rem) 3rem; display: grid; gap: 1.25rem; }
      .card { display: grid; gap: 1rem; justify-items: start; }
      .card > * { max-width: 100%; }
      .warning { display: flex; gap: 0.6rem; }
      .warning svg { color: var(--amber); margin-top: 0.1rem; }
      .error { color: var(--danger); scroll-margin: 1rem; }
      .error:empty { display: none; }
      colonia-give, colonia-take { width: 100%; }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    given: { attribute: false },
    step: { state: true },
    fault: { state: true },
  }
  declare session: Session
  /** What the link of this page holds behind its `#`. */
  declare given: string
  declare private step: Step
  declare private fault: string
  #seen = ''
  #stopTaking = () => {}

  constructor() {
    super()
    this.given = ''
    this.step = { type: 'start' }
    this.fault = ''
    new Watch(this, () => this.session)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stopTaking = takeFromOthers((pasted) =>
      this.step.type === 'invited'
        ? this.#accept(this.step.invitation, pasted).then(() => this.step.type === 'met')
        : undefined,
    )
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopTaking()
    this.#withdraw()
  }

  override render() {
    const t = text.hand
    return html`<main>
      <h1 tabindex="-1">${this.step.type === 'met' ? t.met : this.step.type === 'handed' ? t.handed : t.title}</h1>
      <p class="error" role="alert">${this.fault}</p>
      ${this.#inside()}
      ${
        this.step.type === 'start' || this.step.type === 'writing'
          ? nothing
          : html`<div><button @click=${() => this.#restart()}>${icon('again')}${['met', 'handed'].includes(this.step.type) ? t.more : t.cancel}</button></div>`
      }
    </main>`
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('h1')?.focus({ preventScroll: true })
  }

  override updated(changed: PropertyValues): void {
    // It may be above or below what is on a small screen.
    if (changed.has('fault') && this.fault !== '') {
      this.renderRoot.querySelector('[role=alert]')?.scrollIntoView({ block: 'center' })
    }
    // A link brought a text, as soon as there is a node to read it, and once.
    const { given } = this
    if (this.session.node === undefined || given === this.#seen) return
    this.#seen = given
    if (!/^meet=/i.test(given)) return
    if (this.step.type === 'invited') void this.#accept(this.step.invitation, given)
    else void this.#answer(given)
  }

  #inside() {
    const [t, { step }] = [text.hand, this]
    if (this.session.node === undefined) return html`<p class="soft" role="status">${t.starting}</p>`
    switch (step.type) {
      case 'start':
        return html`
          <p>${t.what}</p>
          <p class="warning small">${icon('warning')}<span>${t.warning}</span></p>
          <section class="card" aria-labelledby="invite">
            <h2 id="invite">${t.invite}</h2>
            <button class="main" @click=${() => this.#invite()}>${icon('share')}${t.make}</button>
          </section>
          <section class="card" aria-labelledby="have">
            <h2 id="have">${t.have}</h2>
            <colonia-take .label=${t.invitation} .action=${t.take} @take=${(event: CustomEvent<string>) => this.#answer(event.detail)}></colonia-take>
          </section>
        `
      case 'writing':
        return html`<p class="soft" role="status">${step.what}</p>`
      case 'invited':
        return html`
          <section class="card" aria-labelledby="give">
            <p class="soft small">${t.step(1)}</p>
            <h2 id="give">${t.give}</h2>
            <p class="soft">${t.giveHint}</p>
            <colonia-give .note=${step.invitation} .message=${t.shareInvitation}></colonia-give>
          </section>
          <section class="card" aria-labelledby="back">
            <p class="soft small">${t.step(2)}</p>
            <h2 id="back">${t.back}</h2>
            <colonia-take .label=${t.reply} .action=${t.connect} .busy=${step.connecting} @take=${(event: CustomEvent<string>) => this.#accept(step.invitation, event.detail)}></colonia-take>
            <p class="soft" role="status">${step.connecting ? t.connecting : nothing}</p>
          </section>
        `
      case 'replied':
        return html`<section class="card" aria-labelledby="give">
          <p class="soft small">${t.step(2)}</p>
          <h2 id="give">${t.giveBack}</h2>
          <p class="soft">${t.giveBackHint(this.#nameOf(step.reply.peer))}</p>
          <colonia-give .note=${step.reply} .message=${t.shareReply}></colonia-give>
          <p class="soft" role="status">${t.waiting}</p>
        </section>`
      case 'met':
        return html`<section class="card" data-met=${step.peer}>
          <p role="status">${t.metHint(this.#nameOf(step.peer))}</p>
          <a class="button main" href="#${step.peer}">${icon('phone')}${t.call}</a>
        </section>`
      case 'handed':
        return html`<p role="status">${t.handedHint}</p>`
    }
  }

  async #invite(): Promise<void> {
    const { node } = this.session
    this.#become({ type: 'writing', what: text.hand.inviting })
    await this.#try(async () => {
      const invitation = (await node?.invite()) as Invitation
      this.#become({ type: 'invited', invitation, connecting: false })
    })
  }

  async #answer(pasted: string): Promise<void> {
    const { node } = this.session
    this.#become({ type: 'writing', what: text.hand.taking })
    await this.#try(async () => {
      const reply = await node?.reply(pasted).catch(async (error: unknown) => {
        // A reply that was opened as a link belongs to the tab that invited.
        if (reasonOf(error) !== 'wrong-kind' || !(await passOn(pasted))) throw error
      })
      if (reply === undefined) return this.#become({ type: 'handed' })
      this.#become({ type: 'replied', reply })
      void this.#await(reply)
    })
  }

  async #await(reply: Reply): Promise<void> {
    const mine = () => this.step.type === 'replied' && this.step.reply === reply
    await reply.met.then(
      () => mine() && this.#become({ type: 'met', peer: reply.peer }),
      (error: unknown) => mine() && this.#fail(error),
    )
  }

  async #accept(invitation: Invitation, pasted: string): Promise<void> {
    this.fault = ''
    this.step = { type: 'invited', invitation, connecting: true }
    try {
      this.#become({ type: 'met', peer: await invitation.accept(pasted) })
    } catch (error) {
      // A text that was refused leaves the invitation as it was.
      const open = reasonOf(error) !== undefined && !['expired', 'used'].includes(reasonOf(error) as string)
      if (!open) return this.#fail(error)
      this.step = { type: 'invited', invitation, connecting: false }
      this.fault = explain(error)
    }
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#become({ type: 'start' })
    this.fault = explain(error)
  }

  #restart(): void {
    this.#withdraw()
    this.#become({ type: 'start' })
  }

  /** What nobody has taken yet is good for nothing any more. */
  #withdraw(): void {
    if (this.step.type === 'invited') this.step.invitation.cancel()
    if (this.step.type === 'replied') this.step.reply.cancel()
  }

  #become(step: Step): void {
    this.step = step
    this.fault = ''
    if (step.type === 'writing') return
    // Its text is used up: a reload should not read it again.
    if (step.type === 'met' || step.type === 'handed') history.replaceState(null, '', '#meet')
    void this.updateComplete.then(() => this.renderRoot.querySelector('h1')?.focus())
  }

  #nameOf(peer: PeerId): string {
    return this.session.book?.nameOf(peer) ?? shorten(peer)
  }
}

type Fault = keyof typeof text.hand.faults

function reasonOf(error: unknown): Fault | undefined {
  const { reason } = error as { reason?: Fault }
  return reason !== undefined && reason in text.hand.faults ? reason : undefined
}

function explain(error: unknown): string {
  const reason = reasonOf(error)
  if (reason !== undefined) return text.hand.faults[reason]
  const { code, message } = error as { code?: string; message: string }
  return code === 'unreachable' ? `${text.hand.unreachable} ${text.hand.again}` : message
}

customElements.define('colonia-hand', Hand)
