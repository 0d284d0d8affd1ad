/**
 * How the page is built: `web/` → `dist/page/`, static files that any server can hand out. Nothing is inlined,
 * so a policy of `script-src 'self'; style-src 'self'` holds; the manifest tells `size.ts` what the shell is.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const WORKER = 'worker.js'

/** The node is not needed for the first paint, but soon after: its download begins beside the shell's. */
function preloadNode(): Plugin {
  return {
    name: 'preload-node',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((file) => file.type === 'chunk')
        // What is loaded later still (a list of words) waits until it is asked for.
        const behind = chunks.filter(
          (chunk) => chunk.isDynamicEntry && chunk.facadeModuleId?.endsWith('node/index.ts'),
        )
        return behind.map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', href: `./${fileName}`, fetchpriority: 'low' },
          injectTo: 'head' as const,
        }))
      },
    },
  }
}

/** Tells the service worker what it has to keep: all that was written, each file with its hash. */
function listFiles(): Plugin {
  return {
    name: 'list-files',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir = '' }) {
        const found = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
          entry.isFile(),
        )
        const paths = found.map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
        const kept = paths.filter((path) => path !== WORKER && !path.startsWith('.')).sort()
        const files = Object.fromEntries(
          kept.map((path) => [path.split(sep).join('/'), `sha256-${digest(readFileSync(join(dir, path)))}`]),
        )
        const build = JSON.stringify({ version: digest(JSON.stringify(files)).slice(0, 10), files })
        const worker = readFileSync(join(dir, WORKER), 'utf8')
        if (worker.split('__BUILD__').length !== 2) throw new Error('the worker must ask for its build once')
        writeFileSync(
          join(dir, WORKER),
          worker.replace('__BUILD__', () => build),
        )
      },
    },
  }
}

function digest(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('base64')
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [preloadNode(), listFiles()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        worker: join(import.meta.dirname, 'src/worker.ts'),
      },
      // The worker rules over what lies beside and below it, and is known by one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'worker' ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
})
