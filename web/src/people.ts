/** `<colonia-people>`: whom one talked to or missed of late, each a press away from a call. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { PeerId } from '#node/api'
import { avatar } from './avatar.ts'
import type { Book, Person } from './book.ts'
import { icon } from './icons.ts'
import { shorten } from './peer.ts'
import { stage } from './stage.ts'
import { base } from './style.ts'
import { language, text } from './text/index.ts'
import { duration, moment } from './time.ts'
import { Watch } from './watch.ts'

/** Shown before one asks for all: about what fits beside the own link. */
const FEW = 4

export class People extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      ul { list-style: none; margin: 0.9rem 0 0; padding: 0; display: grid; gap: 0.9rem; }
      li { --avatar: 2.5rem; display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
      .who { flex: 1; min-width: 6rem; }
      .who p { overflow: hidden; text-overflow: ellipsis; }
      .name { font-weight: 600; white-space: nowrap; }
      .edit { padding: 0; width: 2.75rem; }
      form { flex-basis: 100%; display: grid; gap: 0.6rem; margin: 0.4rem 0; }
      @media (max-width: 30rem) { .call { padding: 0; width: 2.75rem; } .call span { position: absolute; clip-path: inset(50%); } }
      .all { margin-top: 0.9rem; }
      .error { color: var(--danger); margin-top: 0.75rem; }
    `,
  ]
  static override properties = {
    book: { attribute: false },
    all: { state: true },
    editing: { state: true },
  }
  declare book: Book
  declare private all: boolean
  declare private editing: PeerId | undefined

  constructor() {
    super()
    this.all = false
    new Watch(this, () => this.book)
  }

  override render() {
    const t = text.people
    const { people, fault } = this.book
    const shown = this.all ? people : people.slice(0, FEW)
    return html`
      <h2 id="recent">${t.title}</h2>
      <ul aria-labelledby="recent">${shown.map((person) => this.#person(person))}</ul>
      ${
        shown.length === people.length
          ? nothing
          : html`<button class="all" @click=${() => {
              this.all = true
            }}>${t.all(people.length)}</button>`
      }
      ${fault === undefined ? nothing : html`<p class="error small" role="alert">${t.notKept(fault)}</p>`}
    `
  }

  /** The focus goes into the form, and back to the button that opened it. */
  override updated(changed: PropertyValues): void {
    if (!changed.has('editing')) return
    const button = `[data-peer="${changed.get('editing')}"] .edit`
    this.renderRoot.querySelector<HTMLElement>(this.editing === undefined ? button : '#called')?.focus()
  }

  #person({ peer, name, last }: Person) {
    const t = text.people
    const who = name ?? shorten(peer)
    const editing = this.editing === peer
    return html`<li data-peer=${peer}>
      ${avatar(peer, name)}
      <div class="who">
        <p class="name" title=${peer}>${who}</p>
        ${
          last === undefined
            ? nothing
            : html`<p class="soft small">${[
                moment(last.at, language),
                text.ended[last.end].title,
                ...(last.seconds ? [duration(last.seconds * 1000)] : []),
              ].join(' · ')}</p>`
        }
      </div>
      <button class="edit" aria-label=${t.edit(who)} title=${t.edit(who)} aria-expanded=${editing} @click=${() => {
        this.editing = editing ? undefined : peer
      }}>${icon('edit')}</button>
      <a class="button call" href="#${peer}" aria-label="${t.call} ${who}">${icon('phone')}<span>${t.call}</span></a>
      ${editing ? this.#form(peer, name) : nothing}
    </li>`
  }

  #form(peer: PeerId, name: string | undefined) {
    const t = text.people
    const close = () => {
      this.editing = undefined
    }
    return html`<form @submit=${(event: SubmitEvent) => {
      event.preventDefault()
      const input = this.renderRoot.querySelector<HTMLInputElement>('#called')
      void this.book.rename(peer, input?.value.trim() ?? '')
      close()
    }}>
      <div>
        <label for="called">${t.name}</label>
        <input id="called" autocomplete="off" maxlength="64" .value=${name ?? ''}>
      </div>
      <div class="row">
        <button class="main">${icon('check')}${t.save}</button>
        <button type="button" @click=${() => {
          void this.book.forget(peer)
          close()
        }}>${icon('close')}${t.forget}</button>
      </div>
    </form>`
  }
}

customElements.define('colonia-people', People)
