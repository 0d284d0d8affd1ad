/**
 * A text file that only grows, up to a bound, and never keeps anyone waiting.
 *
 * Law: whatever the disk does, `append` returns at once and throws nothing. The first trouble (a full disk, the bound,
 * a disk that does not take what is written) is told once, and then the file stays as it is.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { ColoniaError } from '#node/errors'

/** What waits for a slow disk, in characters: the sessions of a day of a busy bootstrap (guess). */
const MAX_WAITING = 1_048_576

export class Appender {
  readonly #file: FileHandle
  readonly #maxBytes: number
  readonly #onTrouble: (why: string) => void
  #bytes = 0
  #waiting = ''
  #writing: Promise<void> | undefined
  #over = false

  /**
   * Opens `path`, made with mode 0600 if it is missing.
   * @param maxBytes what the file may hold
   * @param onTrouble called once at most, when nothing more will be written
   * @throws ColoniaError `bad-options` when it cannot be written or holds something already; the message begins with `flag`.
   */
  static async open(
    path: string,
    flag: string,
    maxBytes: number,
    onTrouble: (why: string) => void,
  ): Promise<Appender> {
    const file = await open(path, 'a', 0o600).catch((cause: NodeJS.ErrnoException) => {
      throw new ColoniaError('bad-options', `${flag} ${path} cannot be written (${cause.code})`, { cause })
    })
    const { size } = await file.stat()
    if (size === 0) return new Appender(file, maxBytes, onTrouble)
    await file.close()
    throw new ColoniaError('bad-options', `${flag} ${path} must be a new or an empty file`)
  }

  private constructor(file: FileHandle, maxBytes: number, onTrouble: (why: string) => void) {
    this.#file = file
    this.#maxBytes = maxBytes
    this.#onTrouble = onTrouble
  }

  append(line: string): void {
    if (this.#over) return
    const text = `${line}\n`
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes > this.#maxBytes) return this.#end(`it has reached ${this.#maxBytes} bytes`)
    if (this.#waiting.length + text.length > MAX_WAITING) return this.#end('the disk is too slow')
    this.#waiting += text
    this.#writing ??= this.#write()
  }

  /** What was appended is on its way to the disk until this resolves. Idempotent. */
  async close(): Promise<void> {
    this.#over = true
    await this.#writing
    // Whatever a disk says now, there is nobody left to tell.
    await this.#file.close().catch(() => {})
  }

  async #write(): Promise<void> {
    while (this.#waiting !== '') {
      const text = this.#waiting
      this.#waiting = ''
      try {
        await this.#file.appendFile(text)
      } catch (error) {
        this.#waiting = ''
        this.#end(`it cannot be written (${(error as NodeJS.ErrnoException).code})`)
      }
    }
    this.#writing = undefined
  }

  #end(why: string): void {
    if (this.#over) return
    this.#over = true
    this.#onTrouble(why)
  }
}
