import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { missingForWindows } from './e2e/runtime.ts';

const missing = missingForWindows();

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/daemon/**/*.test.ts',
      'test/packaged/mac.test.ts',
      ...(missing.length === 0 ? ['test/e2e/**/*.test.ts'] : []),
      ...(missing.length === 0 && process.platform === 'linux' ? ['test/packaged/**/*.test.ts'] : []),
    ],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Generous limits against hanging; no test asserts a time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real processes on few cores: files run one after the other so that one test's load is not another's delay.
    fileParallelism: false,
    pool: 'forks',
  },
});
