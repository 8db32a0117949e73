import { cpSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

const BASE =
  /[\\/]main[\\/](cli[\\/](context|output|see-topic|status|plain-status|command|command-line)|control[\\/](client|contract-version|calls|address|find-daemon|other-status)|daemon[\\/](errors|home|state|private-folder|config[\\/]locate|process[\\/](identity|platform)|lock[\\/](owner|host|paths|already-running))|configuration-file|node-flags|version)\.ts$/;

/** They find an add-on, a worker or data beside their own files. */
const notBundled = ['fs-native-extensions', 'electron', 'tesseract.js'];

/** Bundles the command line, the headless daemon and the app's main process for Node 20.18 (the oldest runtime) and newer. */
export default defineConfig({
  root,
  plugins: [
    {
      name: 'files',
      closeBundle: () => {
        cpSync(resolve(root, 'main/help'), resolve(root, 'out/help'), { recursive: true });
        for (const what of ['tray', 'soloist.png'])
          cpSync(resolve(root, 'build/icons', what), resolve(root, 'out/icons', what), { recursive: true });
      },
    },
  ],
  resolve: {
    // pino's worker threads, which Soloist does not use: 1 MB that the daemon would keep for life.
    alias: { 'thread-stream': resolve(root, 'build/no-thread-stream.ts') },
  },
  build: {
    ssr: true,
    target: 'node20.18',
    outDir: resolve(root, 'out'),
    emptyOutDir: true,
    sourcemap: false,
    rolldownOptions: {
      input: {
        cli: resolve(root, 'main/cli.ts'),
        headless: resolve(root, 'main/headless.ts'),
        index: resolve(root, 'main/index.ts'),
        action: resolve(root, 'main/action.ts'),
      },
      external: [...notBundled, /^@tesseract\.js-data\//, ...builtinModules, /^node:/],
      // White space and comments cost memory for life; names stay, for the stack traces in bug reports.
      output: {
        // As ES modules, Node would evaluate every export of each of its own modules that is imported: 4 ms a start.
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: 'chunks/[name]-[hash].cjs',
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        // Everything that `soloist status` loads, in one file: each further one costs it a millisecond.
        codeSplitting: { groups: [{ name: 'base', test: BASE }] },
      },
    },
  },
  ssr: { noExternal: true, external: notBundled },
});
