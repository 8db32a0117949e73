import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** Bundles the bridge into one file: a sandboxed preload can load no other. */
export default defineConfig({
  root,
  build: {
    ssr: true,
    target: 'chrome130',
    outDir: resolve(root, 'out'),
    emptyOutDir: false,
    rolldownOptions: {
      input: resolve(root, 'main/preload.ts'),
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
    },
  },
  ssr: { noExternal: true, external: ['electron'] },
});
