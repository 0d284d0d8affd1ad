/** `<colonia-letters>`: the messages that were left for me, newest first, each a press away from calling back. */
import { css, html, LitElement, nothing } from 'lit'
import type { Letter } from '#node/api'
import type { Note } from './absence.ts'
import { avatar } from './avatar.ts'
import { icon } from './icons.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { stage } from './stage.ts'
import { base } from './style.ts'
import { language, text } from './text/index.ts'
import { moment } from './time.ts'
import { Watch } from './watch.ts'

export class Letters extends LitElement {
  static override styles = [
    base,
    stage,
    css`
      .card { margin-bottom: 1.25rem; }
      .card h2 + p { margin-top: 0.35rem; }
      h2:focus { outline: none; }
      ul { list-style: none; margin: 1.1rem 0 0; padding: 0; display: grid; }
      li { --avatar: 2.5rem; display: grid; grid-template-columns: auto 1fr; gap: 0.5rem 0.75rem; align-items: center; padding-block: 1rem; }
      li + li { border-top: 1px solid var(--line); }
      li:first-child { padding-top: 0; }
      li:last-child { padding-bottom: 0; }
      .who { min-width: 0; }
      .who p { overflow: hidden; text-overflow: ellipsis; }
      .name { font-weight: 600; }
      .new { display: inline-block; background: var(--accent); color: var(--on-accent); border-radius: 999px; padding: 0.05rem 0.55rem; margin-inline-start: 0.5rem; font-size: 0.8125rem; }
      .words { grid-column: 1 / -1; white-space: pre-wrap; overflow-wrap: anywhere; }
      .row { grid-column: 1 / -1; }
      .error { color: var(--danger); margin-top: 0.75rem; }
      @media (min-width: 36rem) { .words, li .row { grid-column: 2; } }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    said: { state: true },
    fault: { state: true },
  }
  declare session: Session
  declare private said: string
  declare private fault: string | undefined
  /** New since this list is on the screen: they stay marked as long as it is, and count as read from then on. */
  readonly #fresh = new Set<string>()

  constructor() {
    super()
    this.said = ''
    new Watch(this, () => this.session)
    new Watch(this, () => this.session.book)
    new Watch(this, () => this.session.node?.inbox)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.#onSeen)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.#onSeen)
    this.#fresh.clear()
  }

  override render() {
    const t = text.letters
    const letters = this.#letters
    const fresh = letters.filter((letter) => this.#isFresh(letter)).length
    const fault = this.fault
    // The region that is read aloud is there before there is something to read.
    return html`
      <p class="unseen" role="status">${fresh > 0 ? t.freshCount(fresh) : this.said}</p>
      ${
        letters.length === 0 && fault === undefined
          ? nothing
          : html`<section class="card" aria-labelledby="letters">
              <h2 id="letters" tabindex="-1">${t.title}</h2>
              <p class="soft">${t.hint}</p>
              <ul aria-labelledby="letters">${letters.map((letter) => this.#letter(letter))}</ul>
              ${fault === undefined ? nothing : html`<p class="error small" role="alert">${t.notRemoved(fault)}</p>`}
            </section>`
      }`
  }

  override updated(): void {
    this.#onSeen()
  }

  get #letters(): readonly Letter[] {
    return this.session.book === undefined ? [] : (this.session.node?.inbox.list() ?? [])
  }

  #letter(letter: Letter) {
    const t = text.letters
    const { sender, value, at } = letter
    const note = noteOf(value)
    const name = this.session.book?.nameOf(sender) ?? note?.name
    const who = name || shorten(sender)
    const fresh = this.#isFresh(letter)
    return html`<li data-sender=${sender} data-letter=${letter.id}>
      ${avatar(sender, name)}
      <div class="who">
        <p class="name" title=${sender}>${who}${fresh ? html`<span class="new">${t.fresh}</span>` : nothing}</p>
        <p class="soft small">${moment(at, language)}</p>
      </div>
      ${note === undefined ? html`<p class="words soft">${t.unreadable}</p>` : html`<p class="words">${note.text}</p>`}
      <div class="row">
        <a class="button" href="#${sender}" aria-label="${t.callBack}: ${who}">${icon('phone')}${t.callBack}</a>
        <button aria-label=${t.removeOf(who)} @click=${() => this.#remove(letter)}>${icon('close')}${t.remove}</button>
      </div>
    </li>`
  }

  async #remove(letter: Letter): Promise<void> {
    try {
      await this.session.node?.inbox.remove(letter)
      this.fault = undefined
      this.said = text.letters.removed
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error)
    }
    await this.updateComplete
    // The button is gone that had the focus.
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true })
  }

  #isFresh(letter: Letter): boolean {
    return this.#fresh.has(nameOf(letter)) || this.session.book?.hasRead(nameOf(letter)) === false
  }

  /** What is on a screen that somebody may look at is read. */
  readonly #onSeen = (): void => {
    const { book } = this.session
    if (book === undefined || document.visibilityState !== 'visible') return
    const names = this.#letters.map(nameOf)
    for (const name of names) if (!book.hasRead(name)) this.#fresh.add(name)
    if (names.some((name) => !book.hasRead(name))) void book.read(names)
  }
}

function nameOf({ sender, id }: Letter): string {
  return `${sender}/${id}`
}

/** What a page wrote; another program may have left anything. */
function noteOf(value: unknown): Note | undefined {
  const { text: words, name } = (value ?? {}) as Partial<Note>
  return typeof words === 'string' ? { text: words, name: typeof name === 'string' ? name : '' } : undefined
}

customElements.define('colonia-letters', Letters)
