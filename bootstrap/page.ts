/**
 * The page, served from memory.
 *
 * Law: no path of a request ever reaches the file system. All files are read and compressed when the server
 * starts, so one that vanishes or changes afterwards (a build beside a running server) harms nobody, and what
 * the server holds is bounded by what it was given. A static-file library was here before; it opened files
 * at request time and ended the process when one was gone.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { lookup } from 'mrmime'

/** The page of Colonia is 0.6 MB; what is far larger is no page, and would be held in memory twice (guess). */
const MAX_PAGE_BYTES = 64 * 1_048_576

interface File {
  body: Buffer
  /** Absent where compression gains nothing. */
  zipped: Buffer | undefined
  type: string
  etag: string
}

export interface Page {
  /** Answers with a file; false if there is none of that name. */
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): boolean
}

/**
 * Reads `folder`; files that begin with a dot are left out. Without an `index.html` it serves nothing.
 * @throws Error if the folder holds more than 64 MiB.
 */
export function loadPage(folder: string, headers: Readonly<Record<string, string>>): Page {
  const files = readFolder(folder)
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)

  return {
    serve(request, response, pathname) {
      const file = index === undefined ? undefined : files.get(pathname)
      if (file === undefined) return false
      const hashed = pathname.startsWith('/assets/')
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      response.setHeader('ETag', file.etag)
      response.setHeader('Vary', 'Accept-Encoding')
      // The build puts a hash of the content into the names of these, and of no other files.
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      if (request.headers['if-none-match'] === file.etag) {
        response.writeHead(304).end()
        return true
      }
      const zipped = acceptsGzip(request) ? file.zipped : undefined
      const body = zipped ?? file.body
      if (zipped !== undefined) response.setHeader('Content-Encoding', 'gzip')
      response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': body.byteLength })
      // For HEAD, Node sends the headers alone.
      response.end(body)
      return true
    },
  }
}

function readFolder(folder: string): Map<string, File> {
  const files = new Map<string, File>()
  let bytes = 0
  for (const name of listFolder(folder)) {
    if (name.split(sep).some((part) => part.startsWith('.'))) continue
    const body = readFileSync(join(folder, name))
    bytes += body.byteLength
    if (bytes > MAX_PAGE_BYTES)
      throw new Error(`the page in ${folder} is larger than ${MAX_PAGE_BYTES} bytes`)
    const zipped = gzipSync(body, { level: 9 })
    const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22)
    const type = lookup(name) ?? 'application/octet-stream'
    files.set(`/${name.split(sep).join('/')}`, {
      body,
      zipped: zipped.byteLength < body.byteLength * 0.9 ? zipped : undefined,
      type: type.startsWith('text/') || type.endsWith('javascript') ? `${type}; charset=utf-8` : type,
      // Weak, because the same content goes out in two encodings.
      etag: `W/"${digest}"`,
    })
  }
  return files
}

function listFolder(folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    const files = found.filter((entry) => entry.isFile())
    return files.map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  const accepted = String(headers['accept-encoding'] ?? '')
  return accepted.split(',').some((one) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(one))
}
