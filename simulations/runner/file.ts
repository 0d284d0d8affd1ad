/**
 * A file that a run leaves. What was there before stays until there is something whole to take its place: all is written
 * to a *part* beside it, and renamed. A run that is killed leaves its part.
 */
import { constants } from 'node:fs'
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { badOptions } from '#node/command-line'
import { ColoniaError } from '#node/errors'

export class OutputFile {
  readonly path: string
  /** Where it really is: a link to a file stays a link. */
  readonly #target: string
  /** What is no file, such as a pipe, has nothing before and is written straight. */
  readonly #straight: boolean

  private constructor(path: string, target: string, straight: boolean) {
    this.path = path
    this.#target = target
    this.#straight = straight
  }

  /** @throws ColoniaError `bad-options` when it cannot be written: the flag, and why */
  static async at(path: string, flag: string): Promise<OutputFile> {
    const refuse = (why: string) => badOptions(`${flag} ${path} cannot be written: ${why}`)
    if (path === '') throw badOptions(`${flag} must be the name of a file`)
    const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw refuse(error.message)
      return undefined
    })
    if (there?.isDirectory() === true) throw refuse('it is a folder')
    const target = there === undefined ? resolve(path) : await realpath(path)
    const file = new OutputFile(path, target, there !== undefined && !there.isFile())
    try {
      if (there !== undefined) await access(target, constants.W_OK)
      if (!file.#straight) await file.#try()
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') throw refuse(message)
      throw refuse(`there is no folder ${dirname(target)}`)
    }
    return file
  }

  get part(): string {
    return `${this.#target}.part-${process.pid}`
  }

  /** Keeps what there is so far, beside the file. @throws ColoniaError `storage` */
  async keep(text: string): Promise<void> {
    if (this.#straight) return
    await this.#guard(() => this.#writePart(text))
  }

  /** @throws ColoniaError `storage`; then the file is as it was */
  async write(text: string): Promise<void> {
    await this.#guard(async () => {
      if (this.#straight) return await put(this.#target, text)
      await this.#writePart(text)
      await rename(this.part, this.#target)
    })
  }

  /** The part is whole at any time, too. */
  async #writePart(text: string): Promise<void> {
    const fresh = `${this.part}.new`
    try {
      await put(fresh, text)
      await rename(fresh, this.part)
    } catch (error) {
      await rm(fresh, { force: true })
      throw error
    }
  }

  async #try(): Promise<void> {
    await put(this.part, '')
    await rm(this.part)
  }

  async #guard(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (cause) {
      throw new ColoniaError('storage', `${this.path} was not written: ${(cause as Error).message}`, {
        cause,
      })
    }
  }
}

async function put(path: string, text: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(text)
    // Or after a power cut the name may be there and the text not. A pipe has no disk to wait for.
    if ((await file.stat()).isFile()) await file.sync()
  } finally {
    await file.close()
  }
}
