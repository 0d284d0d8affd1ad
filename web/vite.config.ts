/**
 * How the page is built: `web/` → `dist/page/`, static files that any server can hand out. Nothing is inlined,
 * so a policy of `script-src 'self'; style-src 'self'` holds; the manifest tells `size.ts` what the shell is.
 */
import { defineConfig, type Plugin } from 'vite'

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

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [preloadNode()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
})
