import { resolve } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { missingForWindows } from './e2e/runtime.ts';

const hasWindows = missingForWindows().length === 0;

/** Tests that are run together; those of the next `order` begin when these have ended. */
function project(
  name: string,
  order: number,
  include: readonly string[],
  isParallel: boolean,
): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [...include],
      fileParallelism: isParallel,
      ...(isParallel ? { maxWorkers: '100%' } : {}),
      sequence: { groupOrder: order },
    },
  };
}

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    projects: [
      project('unit', 0, ['test/unit/**/*.test.ts'], true),
      // Real processes on few cores: files run one after the other so that one test's load is not another's delay.
      project('daemon', 1, ['test/daemon/**/*.test.ts', 'test/packaged/mac.test.ts'], false),
      ...(hasWindows ? [project('windows', 2, ['test/e2e/**/*.test.ts'], false)] : []),
      ...(hasWindows && process.platform === 'linux'
        ? [project('package', 3, ['test/packaged/{contents,smoke}.test.ts'], false)]
        : []),
    ],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Generous limits against hanging; no test asserts a time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
