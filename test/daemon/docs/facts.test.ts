import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { topic } from '../../../main/cli/help/topics.ts';
import { alertKinds } from '../../../main/daemon/history/alert-kinds.ts';
import { pages, ROOT } from './pages.ts';
import { scene } from './scene.ts';

const markdownOf = (name: string): string => topic(name)?.markdown ?? '';

test('each kind of alert is told', () => {
  expect(alertKinds.filter((kind) => !markdownOf('alerts').includes(`| \`${kind}\` |`))).toEqual([]);
});

test('each variable that a job, a command of an alert or a shell can notice is told', () => {
  const text = pages.map(({ markdown }) => markdown).join('\n');
  const used = readdirSync(join(ROOT, 'main'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap(
      (file) => readFileSync(join(ROOT, 'main', file), 'utf8').match(/\bSOLOIST_[A-Z_]*[A-Z]\b/g) ?? [],
    );
  expect(used.length).toBeGreaterThan(10);
  expect([...new Set(used)].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('each file and folder of a home is told', { timeout: 60_000 }, async () => {
  const one = scene('written');
  try {
    await one.have('running');
    await one.run(['run', 'hello', '--wait']);
    await one.run(['run', 'pictures', '--wait']);
    const names = readdirSync(one.home).filter((name) => name !== 'soloist.yaml' && name !== 'vault');
    expect(names.length).toBeGreaterThan(6);
    // The app holds a lock as the daemon does.
    const ofApp = names
      .filter((name) => name.startsWith('daemon.'))
      .map((name) => name.replace('daemon', 'app'));
    const [table = ''] = /^\| what \| where \|\n(?:\|.*\n)+/m.exec(markdownOf('files')) ?? [];
    expect([...names, ...ofApp].filter((name) => !table.includes(`\`${name}`))).toEqual([]);
    const logs = readdirSync(join(one.home, 'logs')).map((name) => name.replace(/\d{4}-\d\d-\d\d/, 'DATE'));
    expect(logs.filter((name) => !table.includes(`\`logs/${name}\``))).toEqual([]);
  } finally {
    await one.end();
  }
});
