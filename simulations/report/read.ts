/** Reading a report that `--json` wrote, perhaps elsewhere: nothing of it is believed before it is checked. */
import { open } from 'node:fs/promises'
import * as v from 'valibot'
import { badOptions } from '#node/command-line'
import type { Report } from './run.ts'
import { FORMAT, reportSchema } from './schema.ts'
import { fitted, plain } from './text.ts'

/** Bytes of a file; a report of a hundred seeds has a few MiB. A longer one is refused before it is read. */
const MAX_BYTES = 256 * 2 ** 20
/** Characters of a complaint, which may quote the file. */
const MAX_COMPLAINT = 300

/** @throws ColoniaError `bad-options`: which file, and what is wrong with it */
export async function readReport(path: string): Promise<Report> {
  const refuse = (why: string) => badOptions(`${path}: ${fitted(plain(why), MAX_COMPLAINT)}`)
  let value: unknown
  try {
    value = JSON.parse(await textOf(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError) throw refuse(`is not JSON (${message})`)
    throw refuse(code === 'ENOENT' ? 'there is no such file' : message)
  }
  const format = v.safeParse(v.object({ format: v.string() }), value)
  if (!format.success) throw refuse(`is not a report of a simulation; "format" must be "${FORMAT}"`)
  if (format.output.format !== FORMAT) {
    throw refuse(`has format "${format.output.format}"; allowed is "${FORMAT}"`)
  }
  const result = v.safeParse(reportSchema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw refuse(`is not a whole report: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`)
}

/** @throws Error what cannot be read, and why */
async function textOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Error('is not a file')
    if (stat.size > MAX_BYTES) {
      throw new Error(`has ${Math.ceil(stat.size / 2 ** 20)} MiB; at most ${MAX_BYTES / 2 ** 20} are read`)
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
