/** `<colonia-nest>`: the quiet panel. A small button, and behind it the mesh as this page sees it, drawn and in words. */
import { css, html, LitElement, nothing } from 'lit'
import type { ColoniaNode, Entrance, Link, PeerId } from '#node/api'
import './moving.ts'
import { avatar } from './avatar.ts'
import { icon } from './icons.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { keepKeys, stage } from './stage.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'
import { duration, SecondHand } from './time.ts'
import { Watch } from './watch.ts'

export class Nest extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      dialog { position: fixed; inset: 0 0 0 auto; margin: 0; height: 100dvh; max-height: none; width: min(26rem, 100vw); max-width: none; border: 0; border-left: 1px solid var(--line); background: var(--card); color: var(--ink); padding: 1.25rem 1.4rem 2rem; overflow-y: auto; box-shadow: var(--shadow); }
      dialog[open] { animation: enter 0.22s ease-out; }
      dialog::backdrop { background: rgb(20 16 13 / 40%); }
      @keyframes enter { from { transform: translateX(2rem); opacity: 0; } }
      .top { justify-content: space-between; flex-wrap: nowrap; }
      .top button { padding: 0; width: 2.75rem; }
      h3 { margin: 1.75rem 0 0.2rem; font-size: 1rem; }
      ul { list-style: none; margin: 0.6rem 0 0; padding: 0; display: grid; gap: 0.5rem; }
      li { --avatar: 2.25rem; display: flex; gap: 0.75rem; align-items: center; background: var(--wash); border-radius: 0.75rem; padding: 0.6rem 0.8rem; min-width: 0; }
      li div { min-width: 0; }
      .hand { margin-top: 0.8rem; }
      .id { font: 0.8125rem/1.5 var(--mono); overflow-wrap: anywhere; }
      .safety { display: flex; gap: 0.6rem; align-items: baseline; margin-top: 1rem; font-weight: 600; }
      .dot { flex: none; width: 0.6rem; height: 0.6rem; border-radius: 50%; background: var(--amber); }
      .dot.good { background: var(--moss); }
      .dot.bad { background: var(--danger); }
      .opener { background: var(--card); }
      :host([quiet]) .opener { background: rgb(20 16 13 / 45%); border-color: transparent; color: #fff8ee; }
      @media (max-width: 30rem) { .opener span { position: absolute; clip-path: inset(50%); } .opener { width: 2.75rem; padding: 0; } }
      :host([quiet]) .opener span { position: absolute; clip-path: inset(50%); }
      :host([quiet]) .opener { width: 2.75rem; padding: 0; }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    open: { state: true },
    drawn: { state: true },
  }
  declare session: Session
  declare private open: boolean
  /** The picture comes when it is first asked for. */
  declare private drawn: boolean

  constructor() {
    super()
    this.open = false
    this.drawn = false
    new Watch(this, () => this.session)
    new Watch(this, () => this.session.book)
    new SecondHand(this)
  }

  override render() {
    const t = text.nest
    return html`
      <button class="opener" aria-haspopup="dialog" title=${t.open} @click=${this.#show}>${icon('nest')}<span>${t.open}</span></button>
      <dialog aria-labelledby="title" @keydown=${keepKeys} @close=${() => {
        this.open = false
      }} @click=${closeOnBackdrop}>
        ${this.open ? this.#inside() : nothing}
      </dialog>
    `
  }

  #inside() {
    const t = text.nest
    const node = this.session.node
    const links = node?.links ?? []
    return html`
      <div class="row top">
        <h2 id="title">${t.title}</h2>
        <form method="dialog"><button aria-label=${text.close}>${icon('close')}</button></form>
      </div>
      <p class="soft">${t.hint}</p>
      ${this.drawn ? html`<colonia-mesh .session=${this.session}></colonia-mesh>` : nothing}
      ${node === undefined ? nothing : this.#contingency(node.contingency)}
      <h3>${t.links(links.length)}</h3>
      ${links.length === 0 ? html`<p class="soft small">${t.noLinks}</p>` : nothing}
      <ul data-role="links">${links.map((link) => this.#link(link))}</ul>
      <h3>${t.entrances}</h3>
      <p class="soft small">${t.entrancesHint}</p>
      <ul data-role="entrances">${node?.entrances.map(entranceItem)}</ul>
      <h3>${t.id}</h3>
      <p class="id" data-role="id">${node?.id ?? '…'}</p>
      <h3>${text.moving.title}</h3>
      <colonia-moving .session=${this.session}></colonia-moving>
      <h3>${text.hand.offer}</h3>
      <p class="soft small">${text.hand.offerHint}</p>
      <p class="hand"><a class="button" href="#meet" @click=${() => this.renderRoot.querySelector('dialog')?.close()}>${icon('qr')}${text.hand.offer}</a></p>
    `
  }

  /** What would be lost comes first; by whom it is kept, behind it. */
  #contingency({ holders, holding, unbacked }: ColoniaNode['contingency']) {
    const t = text.nest
    const lost = holders.length === 0 ? t.alone : t.unbacked(unbacked)
    return html`
      <p class="safety" role="status" data-role="safety">
        <span class="dot ${unbacked === 0 ? 'good' : ''}"></span>${unbacked === 0 ? t.nothingLost : lost}
      </p>
      <h3>${t.holders}</h3>
      <p class="soft small">${holders.length === 0 ? t.noHolders : t.holdersHint}</p>
      <ul data-role="holders">${holders.map(({ peer, warm }, index) =>
        this.#peer(peer, [text.mesh.rank(index + 1), warm ? t.warm : t.copying]),
      )}</ul>
      <h3>${t.holding}</h3>
      ${holding.length === 0 ? html`<p class="soft small">${t.noHolding}</p>` : nothing}
      <ul data-role="holding">
        ${holding.map(({ owner, standingIn }) => this.#peer(owner, [standingIn ? t.standingIn : t.keeping]))}
      </ul>
    `
  }

  #link(link: Link) {
    const t = text.nest
    const calls = this.session.node?.calls ?? []
    return this.#peer(link.peer, [
      link.direct ? t.direct : this.#carried(link.via),
      ...(link.turn ? [text.mesh.turn] : []),
      ...(link.rtt === undefined ? [] : [text.mesh.roundTrip(link.rtt)]),
      t.since(duration(Date.now() - link.since)),
      ...(calls.some(({ peer }) => peer === link.peer) ? [text.mesh.inCall] : []),
    ])
  }

  /** By a peer that is linked itself, or else by an entrance. */
  #carried(via: PeerId | undefined): string {
    const linked = this.session.node?.links.some(({ peer }) => peer === via)
    if (via === undefined || !linked) return text.nest.relayed
    return text.mesh.relayedBy(this.session.nameOf(via) ?? shorten(via))
  }

  #peer(peer: PeerId, facts: readonly string[]) {
    const name = this.session.nameOf(peer)
    return html`<li>
      ${avatar(peer, name)}
      <div>
        <p class=${name === undefined ? 'id' : ''} title=${peer}>${name ?? shorten(peer)}</p>
        <p class="soft small">${facts.join(' · ')}</p>
      </div>
    </li>`
  }

  /** Where it cannot be loaded, the lists say the same. */
  async #draw(): Promise<void> {
    this.drawn ||= await import('./mesh/mesh.ts').then(
      () => true,
      () => false,
    )
  }

  /** The content first, so that the focus goes into it and not to the panel as a whole. */
  async #show(): Promise<void> {
    this.open = true
    void this.#draw()
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
  }
}

const dots = { connected: 'good', left: 'good', connecting: '', lost: '', refused: 'bad' } as const

function entranceItem({ url, state, reason }: Entrance) {
  const facts = [text.nest.state[state], ...(reason === undefined ? [] : [reason])]
  return html`<li data-state=${state}>
    <span class="dot ${dots[state]}"></span>
    <div>
      <p class="id">${url}</p>
      <p class="soft small">${facts.join(' · ')}</p>
    </div>
  </li>`
}

/** A press beside the panel closes it. Enter on a button also clicks, at no place at all. */
function closeOnBackdrop(event: MouseEvent & { currentTarget: HTMLDialogElement }): void {
  const panel = event.currentTarget
  if (event.clientX !== 0 && event.clientX < panel.getBoundingClientRect().left) panel.close()
}

customElements.define('colonia-nest', Nest)
