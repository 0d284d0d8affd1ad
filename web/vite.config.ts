/**
 * How the page is built: `web/` → `dist/page/`, static files that any server can hand out. Nothing is inlined,
 * so a policy of `script-src 'self'; style-src 'self'` holds; the manifest tells `size.ts` what the shell is.
 */
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
})
