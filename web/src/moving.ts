/**
 * `<colonia-moving>`: taking oneself along to another device, and arriving there. The key is shown or saved only
 * at the press of a button, and what happens to the identity that this browser has is said before it happens.
 */
import { css, html, LitElement, nothing } from 'lit'
import type { PeerId } from '#node/api'
import { icon } from './icons.ts'
import { remember } from './memory.ts'
import { shorten } from './peer.ts'
import type { Session } from './session.ts'
import { base } from './style.ts'
import { text } from './text/index.ts'

type Step =
  | { type: 'closed' }
  | { type: 'take'; words: readonly string[]; saved: boolean }
  | { type: 'have' }
  | { type: 'confirm'; id: PeerId; from: string | Blob; passphrase: string | undefined; saved: boolean }

/** What was made of text or file goes on being read while it is asked for its passphrase. */
interface Given {
  from: string | Blob
  locked: boolean
}

export class Moving extends LitElement {
  static override styles = [
    base,
    css`
      :host > * + * { margin-top: 0.8rem; }
      form, .box { display: grid; gap: 0.9rem; background: var(--wash); border-radius: 0.9rem; padding: 0.9rem 1rem; margin-top: 0.8rem; }
      .row > button { flex: auto; }
      input + p { margin-top: 0.35rem; }
      textarea { font: inherit; color: var(--ink); background: var(--paper); width: 100%; border: 1.5px solid var(--line); border-radius: 0.75rem; padding: 0.5rem 0.8rem; resize: vertical; }
      input[type='file'] { padding: 0.45rem; }
      ol { columns: 2; column-gap: 1rem; margin: 0; padding-left: 2rem; font: 0.9375rem/1.7 var(--mono); }
      .warning { display: flex; gap: 0.6rem; }
      .warning svg { color: var(--amber); margin-top: 0.1rem; }
      .error { color: var(--danger); }
    `,
  ]
  static override properties = {
    session: { attribute: false },
    step: { state: true },
    fault: { state: true },
    given: { state: true },
  }
  declare session: Session
  declare private step: Step
  declare private fault: string
  declare private given: Given | undefined

  constructor() {
    super()
    this.#become({ type: 'closed' })
  }

  override render() {
    const t = text.moving
    if (this.session.node === undefined) return nothing
    if (this.session.node.slot > 0) return html`<p class="soft small">${t.otherTab}</p>`
    const { type } = this.step
    const toggle = (step: Step) => () => this.#become(type === step.type ? { type: 'closed' } : step)
    return html`
      <p class="soft small">${t.hint}</p>
      <div class="row">
        <button aria-expanded=${type === 'take'} @click=${toggle({ type: 'take', words: [], saved: false })}>${icon('share')}${t.take}</button>
        <button aria-expanded=${type === 'have' || type === 'confirm'} @click=${toggle({ type: 'have' })}>${icon('home')}${t.have}</button>
      </div>
      ${this.#inside()}
      <p class="error small" role="alert">${this.fault}</p>
    `
  }

  #inside() {
    switch (this.step.type) {
      case 'closed':
        return nothing
      case 'take':
        return this.#take(this.step)
      case 'have':
        return this.#have()
      case 'confirm':
        return this.#confirm(this.step)
    }
  }

  #take(step: Extract<Step, { type: 'take' }>) {
    const t = text.moving
    return html`
      <form @submit=${(event: SubmitEvent) =>
        this.#try(event, async () => {
          const passphrase = this.#value('#protect')
          await this.#save(passphrase)
          this.step = { ...step, saved: true }
        })}>
        <div>
          <label for="protect">${t.passphrase}</label>
          <input id="protect" type="password" autocomplete="new-password" aria-describedby="open">
          <p id="open" class="soft small">${t.passphraseHint}</p>
        </div>
        <button class="main">${icon(step.saved ? 'check' : 'share')}<span aria-live="polite">${step.saved ? t.saved : t.save}</span></button>
      </form>
      <div class="box">
        <p class="warning">${icon('warning')}<span>${t.wordsWarning}</span></p>
        ${
          step.words.length === 0
            ? html`<button @click=${(event: Event) =>
                this.#try(event, async () => {
                  const words = await (await tools()).exportIdentity({ as: 'words' })
                  this.step = { ...step, words: words.split(' ') }
                })}>${t.showWords}</button>`
            : html`<ol data-role="words" aria-label=${t.words}>${step.words.map((word) => html`<li>${word}</li>`)}</ol>
              <button @click=${() => {
                this.step = { ...step, words: [] }
              }}>${t.hideWords}</button>`
        }
      </div>
    `
  }

  #have() {
    const t = text.moving
    return html`<form @submit=${(event: SubmitEvent) => this.#try(event, () => this.#look())} novalidate>
      <div>
        <label for="file">${t.file}</label>
        <input id="file" type="file" accept=".txt,.json,text/plain,application/json" @change=${(
          event: Event,
        ) => this.#try(event, () => this.#look())}>
      </div>
      <div>
        <label for="words">${t.orWords}</label>
        <textarea id="words" rows="4" autocomplete="off" autocapitalize="none" spellcheck="false"></textarea>
      </div>
      ${
        this.given?.locked
          ? html`<div>
              <label for="unlock">${t.itsPassphrase}</label>
              <input id="unlock" type="password" autocomplete="off">
            </div>`
          : nothing
      }
      <button class="main">${t.look}</button>
    </form>`
  }

  #confirm(step: Extract<Step, { type: 'confirm' }>) {
    const t = text.moving
    const present = shorten(this.session.node?.id ?? '')
    return html`<div class="box" role="group" aria-labelledby="become">
      <p id="become" tabindex="-1"><strong>${t.become(shorten(step.id))}</strong></p>
      <p class="warning">${icon('warning')}<span>${t.present(present)}</span></p>
      <div class="row">
        <button @click=${(event: Event) =>
          this.#try(event, async () => {
            await this.#save('')
            this.step = { ...step, saved: true }
          })}>${icon(step.saved ? 'check' : 'share')}<span aria-live="polite">${step.saved ? t.saved : t.savePresent(present)}</span></button>
        <button class="danger" @click=${(event: Event) => this.#try(event, () => this.#replace(step))}>${t.replace(present)}</button>
        <button @click=${() => this.#become({ type: 'closed' })}>${t.cancel}</button>
      </div>
    </div>`
  }

  /** Whose it is, before anything is changed. */
  async #look(): Promise<void> {
    const file = this.renderRoot.querySelector<HTMLInputElement>('#file')?.files?.[0]
    const words = this.#value('#words').trim()
    const from = words === '' && file !== undefined ? file : words
    const unlock = this.given?.from === from && this.given.locked ? this.#value('#unlock') : ''
    const passphrase = unlock === '' ? undefined : unlock
    this.given = { from, locked: this.given?.from === from && this.given.locked }
    try {
      const { id } = await (await tools()).readIdentity(from, passphrase === undefined ? {} : { passphrase })
      if (id === this.session.node?.id) this.fault = text.moving.faults.taken
      else this.#become({ type: 'confirm', id, from, passphrase, saved: false }, '#become')
    } catch (error) {
      const locked = ['needs-passphrase', 'wrong-passphrase'].includes(reasonOf(error) ?? '')
      this.given = { from, locked }
      await this.updateComplete
      if (locked) this.renderRoot.querySelector<HTMLElement>('#unlock')?.focus()
      throw error
    }
  }

  async #replace({ from, passphrase }: Extract<Step, { type: 'confirm' }>): Promise<void> {
    await (await tools()).importIdentity(from, passphrase === undefined ? {} : { passphrase })
    // The name of who was here is not theirs.
    remember('name', '')
    location.hash = ''
    location.reload()
  }

  async #save(passphrase: string): Promise<void> {
    const { exportIdentity } = await tools()
    const document = await exportIdentity(passphrase === '' ? {} : { passphrase })
    const link = globalThis.document.createElement('a')
    link.href = URL.createObjectURL(new Blob([document], { type: 'text/plain' }))
    link.download = `colonia-${this.session.node?.id.slice(-6)}.txt`
    link.click()
    URL.revokeObjectURL(link.href)
  }

  /** What goes wrong is said, in the page's language. */
  async #try(event: Event, act: () => Promise<void>): Promise<void> {
    event.preventDefault()
    this.fault = ''
    try {
      await act()
    } catch (error) {
      this.fault = explain(error)
    }
  }

  #value(selector: string): string {
    return this.renderRoot.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector)?.value ?? ''
  }

  #become(step: Step, focus?: string): void {
    this.step = step
    this.fault = ''
    this.given = undefined
    if (focus === undefined) return
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(focus)?.focus())
  }
}

/** The node's code is there already: nothing of this is shown before it runs. */
function tools() {
  return import('#node/index')
}

type Fault = keyof typeof text.moving.faults

function reasonOf(error: unknown): Fault | undefined {
  const { reason } = error as { reason?: Fault }
  return reason !== undefined && reason in text.moving.faults ? reason : undefined
}

function explain(error: unknown): string {
  const { word } = error as { word?: { text: string; number: number } }
  if (word !== undefined) return text.moving.unknownWord(word.text, word.number)
  const reason = reasonOf(error)
  return reason === undefined ? String((error as Error).message) : text.moving.faults[reason]
}

customElements.define('colonia-moving', Moving)
