import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** Bundles the command line and the headless daemon for Node 20.18 (the oldest runtime) and newer. */
export default defineConfig({
  root,
  build: {
    ssr: true,
    target: 'node20.18',
    outDir: resolve(root, 'out'),
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      input: { cli: resolve(root, 'main/cli.ts'), headless: resolve(root, 'main/headless.ts') },
      // Finds its native add-on beside its own files, so it cannot be bundled.
      external: ['fs-native-extensions', ...builtinModules, /^node:/],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['fs-native-extensions'] },
});
