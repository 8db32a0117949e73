import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

test.each(readdirSync(folder))('%s names what there is, and may do little', (name) => {
  const workflow = parse(readFileSync(join(folder, name), 'utf8'));
  expect(workflow.permissions).toEqual({ contents: 'read' });
  const jobs: { steps: Step[]; 'timeout-minutes': number }[] = Object.values(workflow.jobs);
  for (const job of jobs) {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const { uses, run } of job.steps) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
      for (const [, script = ''] of (run ?? '').matchAll(/npm run ([\w:-]+)/g))
        expect(scripts).toHaveProperty([script]);
      for (const [, file = ''] of (run ?? '').matchAll(/(?:^|\s)(\.\/[\w./-]+)/gm))
        expect(existsSync(join(root, file)), file).toBe(true);
    }
  }
});

test('a release is made for each platform that there are packages for', () => {
  const { jobs } = parse(readFileSync(join(folder, 'release.yml'), 'utf8'));
  const platforms = jobs.packages.strategy.matrix.include.map(
    ({ platform }: { platform: string }) => platform,
  );
  expect(platforms).toEqual(['mac', 'win', 'linux']);
  expect(jobs.packages.needs).toBe('tests');
});
