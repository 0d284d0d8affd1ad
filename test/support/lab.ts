/** The laboratory: a page for tests that need a peer in Chromium but not the app. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { type Bootstrap, createBootstrap } from '../../bootstrap/index.ts'
import { type Chromium, openChromium } from './chromium.ts'

/** Builds it into that folder, for a bootstrap to serve. */
async function buildLab(outDir: string): Promise<string> {
  await build({
    root: fileURLToPath(new URL('./lab/', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir, emptyOutDir: true, target: 'es2024', minify: false },
  })
  return outDir
}

/** A Chromium, and a bootstrap in this process that serves the lab in place of the page. */
export async function openLab(): Promise<{
  chromium: Chromium
  bootstrap: Bootstrap
  close: () => Promise<void>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-lab-'))
  const [page, chromium] = await Promise.all([buildLab(join(folder, 'page')), openChromium()])
  const bootstrap = await createBootstrap({ port: 0, page, identity: join(folder, 'bootstrap.key') })
  return {
    chromium,
    bootstrap,
    async close() {
      await chromium.close()
      await bootstrap.stop()
      await rm(folder, { recursive: true })
    },
  }
}
