import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { socketPath } from '../../../main/control/address.ts';
import { ask, follow } from '../../../main/control/client.ts';
import type { SuggestionView } from '../../../main/daemon/actions/links/suggestion.ts';
import type { RunView } from '../../../main/daemon/jobs/views.ts';
import { eventually, isRunning, killOwner, ownerOf, soloist } from '../../support/command-line.ts';
import { drawScreenshot } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/*
 * Actions on the real daemon: a job with `use` is a job like any other.
 */

let home: string;
let vault: string;
beforeEach(() => {
  const folder = temporaryFolder();
  home = join(folder, 'home');
  vault = join(folder, 'vault');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(vault);
});
afterEach(async () => {
  await soloist(home, ['down', '--timeout', '2s']);
  killOwner(home);
});

const configure = (text: string): void => writeFileSync(join(home, 'soloist.yaml'), text);

/** Three notes that are about the same, and one that is not. */
function writeNotes(): void {
  for (const name of ['Levain', 'Oven spring', 'Crumb'])
    writeFileSync(
      join(vault, `${name}.md`),
      `# ${name}\n\nSourdough, flour, hydration, crust and starter.\n`,
    );
  writeFileSync(join(vault, 'Bicycle.md'), '# Bicycle\n\nThe derailleur and the brake pads.\n');
}

async function json<Data>(...words: string[]): Promise<Data> {
  const { stdout, stderr } = await soloist(home, ['--json', ...words]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).data;
}

const runs = async (job: string): Promise<readonly RunView[]> =>
  (await json<{ runs: RunView[] }>('runs', job)).runs;

describe('an action that suggests links', () => {
  beforeEach(async () => {
    writeNotes();
    configure(`jobs:\n  suggest: { use: links, with: { vault: ${vault}, suggestions: 1 } }\n`);
    await soloist(home, ['up']);
  });

  test('prints what it did, and what it suggests is decided about through the daemon', async () => {
    const said = await soloist(home, ['run', 'suggest', '--wait']);
    expect([said.exitCode, said.stdout]).toEqual([0, expect.stringContaining('4 notes: 4 new or changed')]);
    const { links } = await json<{ links: SuggestionView[] }>('links', 'list');
    expect(links.length).toBeGreaterThan(0);
    expect(links.map(({ note }) => note.title)).not.toContain('Bicycle');
    const [first] = links;
    if (first === undefined) throw new Error('nothing was suggested');
    const file = join(vault, first.note.path);
    const before = readFileSync(file, 'utf8');
    expect((await soloist(home, ['links', 'accept', first.id])).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/\n## Related\n\n- \[\[.+\]\]\n$/);
    expect((await soloist(home, ['links', 'undo', first.id])).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await soloist(home, ['links', 'dismiss', first.id])).exitCode).toBe(0);
    expect((await soloist(home, ['run', 'suggest', '--wait'])).exitCode).toBe(0);
    const left = await json<{ links: SuggestionView[] }>('links', 'list');
    expect(left.links.map(({ id }) => id)).not.toContain(first.id);
  });

  test('events tell when there may be other suggestions: after its runs, and after each decision', async () => {
    const socket = socketPath(home);
    const watching = new AbortController();
    let told = 0;
    const watched = (async () => {
      for await (const { event } of follow(socket, watching.signal)) if (event === 'links') told++;
    })().catch(() => {});
    await soloist(home, ['run', 'suggest', '--wait']);
    await eventually('its end is told', () => told === 1);
    const { links, total } = await ask(socket, 'links', 30_000, { state: 'waiting', limit: 1 });
    expect([links.length, total]).toEqual([1, expect.any(Number)]);
    expect(total).toBeGreaterThan(1);
    await ask(socket, 'dismissLink', 30_000, { id: links[0]?.id ?? '' });
    await eventually('the decision is told', () => told === 2);
    // Of a pair, the other way round is decided about too.
    const left = await ask(socket, 'links', 30_000, { state: 'waiting', limit: 1 });
    expect(left.total).toBeLessThan(total);
    watching.abort();
    await watched;
  });

  test('fails in words when there is no vault, and an alert says so', async () => {
    configure(`jobs:\n  suggest: { use: links, with: { vault: ${vault}/none } }\n`);
    await eventually(
      'it is in force',
      async () => (await soloist(home, ['run', 'suggest', '--wait'])).exitCode === 1,
    );
    expect((await soloist(home, ['logs', 'suggest'])).stdout).toContain(`${vault}/none`);
    expect((await soloist(home, ['alerts'])).stdout).toContain('suggest failed with exit code 1.');
  });
});

describe('an action that goes on', () => {
  let server: Server;
  beforeEach(async () => {
    // It accepts, and never answers.
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeNotes();
  });
  afterEach(() => void server.close());

  async function going(policy = ''): Promise<RunView> {
    const { port } = server.address() as AddressInfo;
    const embeddings = `{ model: none, url: "http://127.0.0.1:${port}" }`;
    configure(
      `jobs:\n  suggest: { use: links, grace: 2s, with: { vault: ${vault}, embeddings: ${embeddings} }${policy} }\n`,
    );
    await soloist(home, ['up']);
    await soloist(home, ['run', 'suggest']);
    await eventually('it goes on', async () => (await runs('suggest'))[0]?.state === 'running');
    const [run] = await runs('suggest');
    if (run === undefined) throw new Error('there is no run');
    return run;
  }
  const ended = (kind: string) => async () => (await runs('suggest'))[0]?.outcome?.kind === kind;

  test('is ended at its time limit', async () => {
    const { pid } = await going(', timeout: 1s');
    await eventually('it has ended', ended('timed-out'));
    expect(await isRunning(pid ?? 0)).toBe(false);
  });

  test('is ended when a person cancels it, and one that is due meanwhile is skipped', async () => {
    const { pid } = await going();
    await soloist(home, ['run', 'suggest']);
    expect((await runs('suggest'))[0]?.outcome?.kind).toBe('skipped');
    await soloist(home, ['cancel', 'suggest']);
    expect(await isRunning(pid ?? 0)).toBe(false);
    expect((await runs('suggest'))[1]?.outcome?.kind).toBe('cancelled');
  });

  test('does not outlive a daemon that is killed', async () => {
    const { pid } = await going();
    process.kill(ownerOf(home)?.pid ?? 0, 'SIGKILL');
    await eventually('it is gone', async () => !(await isRunning(pid ?? 0)));
    await soloist(home, ['up']);
    expect((await runs('suggest'))[0]?.outcome?.kind).toBe('lost');
  });
});

test('pictures that arrive are in the note of their day', async () => {
  const inbox = join(home, 'inbox');
  mkdirSync(inbox);
  configure(
    `jobs:\n  shots: { use: screenshots, watch: { path: ${inbox}, settle: 100ms }, with: { vault: ${vault}, ocr: false } }\n`,
  );
  await soloist(home, ['up']);
  // The folder is followed when its first look is over.
  await new Promise((resolve) => setTimeout(resolve, 500));
  writeFileSync(join(inbox, 'Screenshot_20261129-091400.png'), onePixel);
  await eventually('it is there', () => existsSync(join(vault, 'Daily/2026-11-29.md')));
  await eventually('its run has ended', async () => (await runs('shots'))[0]?.state === 'ended');
  expect(readdirSync(join(vault, 'Media/Screenshots'))).toHaveLength(1);
  writeFileSync(join(inbox, 'the same under another name.png'), onePixel);
  await eventually('it was looked at', async () => (await runs('shots')).length === 2);
  await eventually('its run has ended', async () => (await runs('shots'))[0]?.state === 'ended');
  expect(readdirSync(join(vault, 'Media/Screenshots'))).toHaveLength(1);
});

test('a picture with text, then links, on one vault and one daemon', async () => {
  const inbox = join(home, 'inbox');
  mkdirSync(inbox);
  writeNotes();
  configure(
    `jobs:\n  shots: { use: screenshots, watch: { path: ${inbox}, settle: 100ms }, with: { vault: ${vault} } }\n` +
      `  suggest: { use: links, after: shots, with: { vault: ${vault} } }\n`,
  );
  await soloist(home, ['up']);
  // The folder is followed when its first look is over.
  await new Promise((resolve) => setTimeout(resolve, 500));
  writeFileSync(
    join(inbox, 'Screenshot_20261129-091400.png'),
    drawScreenshot(['Train to Lisbon', 'leaves at nine']),
  );
  await eventually(
    'links were suggested',
    async () => (await runs('suggest'))[0]?.outcome?.kind === 'succeeded',
  );
  const note = readFileSync(join(vault, 'Daily/2026-11-29.md'), 'utf8');
  expect(note).toMatch(
    /09:14.*\n!\[\[Media\/Screenshots\/2026-11-29_09-14-00_[0-9a-f]+\.png\]\]\n> Train to Lisbon/,
  );
  const { total } = await json<{ total: number }>('links', 'list');
  expect(total).toBeGreaterThan(0);
});

/** A whole PNG. */
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
