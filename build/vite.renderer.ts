import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** Bundles the windows' pages for Chromium 130 (Electron 33) and newer. */
export default defineConfig({
  root: resolve(root, 'renderer'),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'chrome130',
    outDir: resolve(root, 'out/renderer'),
    emptyOutDir: true,
    // The policy of the pages allows no data: for scripts and styles, and one file is as quick as two.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        popover: resolve(root, 'renderer/popover.html'),
        main: resolve(root, 'renderer/main.html'),
      },
    },
  },
});
