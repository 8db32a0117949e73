import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldersToWatch } from '../../../main/daemon/config/file-watch.ts';
import {
  type ConfigurationEvent,
  followConfiguration,
  type LiveConfiguration,
} from '../../../main/daemon/config/live.ts';
import { loadConfiguration } from '../../../main/daemon/config/load.ts';
import { emptyConfiguration } from '../../../main/daemon/config/resolve.ts';

let folder: string;
const following: LiveConfiguration[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'soloist-live-')));
});
afterEach(() => {
  for (const live of following.splice(0)) live.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A file with one job that runs this. */
const jobFile = (run: string): string => `jobs:\n  one:\n    run: ${run}\n  same:\n    run: same\n`;

/** Longer than anything here should take, on a slow computer too. */
const PATIENCE_MS = 20_000;
/** Long enough for whatever would happen wrongly to have happened. */
const QUIET_MS = 1_600;

class Follower {
  readonly events: ConfigurationEvent[] = [];
  readonly warnings: string[] = [];
  readonly live: LiveConfiguration;
  #seen = 0;

  constructor(file: string) {
    const options = {
      file: 'soloist.yaml',
      userFolder: '/home/ada',
      fileFolder: dirname(file),
      timezone: 'UTC',
      platform: process.platform,
      checkPattern: () => undefined,
    };
    this.live = followConfiguration({
      file,
      load: (content) => loadConfiguration(content, options),
      empty: emptyConfiguration(options),
      listener: (event) => this.events.push(event),
      warn: (message) => this.warnings.push(message),
    });
    following.push(this.live);
  }

  /** The next event that was not waited for yet. */
  async next(): Promise<ConfigurationEvent> {
    const limit = performance.now() + PATIENCE_MS;
    while (this.events.length <= this.#seen) {
      if (performance.now() > limit) throw new Error(`no event; warnings: ${this.warnings.join(' ')}`);
      await sleep(5);
    }
    const event = this.events[this.#seen];
    this.#seen += 1;
    if (event === undefined) throw new Error('no event');
    return event;
  }

  /** Waits until this is what the job runs. */
  async runs(script: string): Promise<void> {
    const limit = performance.now() + PATIENCE_MS;
    while (this.script !== script) {
      if (performance.now() > limit)
        throw new Error(`still runs ${this.script}; warnings: ${this.warnings.join(' ')}`);
      await sleep(5);
    }
    this.#seen = this.events.length;
  }

  get script(): string | undefined {
    const command = this.live.current.jobs.get('one')?.command;
    return command?.kind === 'shell' ? command.text : undefined;
  }
}

function follow(file = join(folder, 'soloist.yaml')): Follower {
  return new Follower(file);
}

function saveByRename(file: string, text: string): void {
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
}

describe('a file that is saved', () => {
  const file = () => join(folder, 'soloist.yaml');

  test('in place: applied, with what changed', async () => {
    writeFileSync(file(), jobFile('first'));
    const follower = follow();
    expect(follower.live.last).toMatchObject({
      kind: 'applied',
      changes: { added: ['one', 'same'] },
      warnings: [],
    });
    const started = performance.now();
    writeFileSync(file(), `${jobFile('second')}  more:\n    run: more\n`);
    expect(await follower.next()).toMatchObject({
      kind: 'applied',
      changes: { added: ['more'], changed: ['one'], removed: [], unchanged: ['same'] },
    });
    console.log(`applied ${Math.round(performance.now() - started)} ms after it was saved`);
    expect(follower.script).toBe('second');
    expect(follower.warnings).toEqual([]);
  });

  test('by rename, again and again', async () => {
    writeFileSync(file(), jobFile('r0'));
    const follower = follow();
    for (const script of ['r1', 'r2', 'r3', 'r4']) {
      saveByRename(file(), jobFile(script));
      await follower.runs(script);
    }
    expect(follower.events.map(({ kind }) => kind)).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  test('by moving the old one away first', async () => {
    writeFileSync(file(), jobFile('old'));
    const follower = follow();
    renameSync(file(), `${file()}~`);
    writeFileSync(file(), jobFile('new'));
    rmSync(`${file()}~`);
    await follower.runs('new');
    expect(follower.events).toHaveLength(1);
  });

  test('gone for 300 ms: only the new one is seen', async () => {
    writeFileSync(file(), jobFile('old'));
    const follower = follow();
    rmSync(file());
    await sleep(300);
    expect(follower.script).toBe('old');
    writeFileSync(file(), jobFile('new'));
    await follower.runs('new');
    expect(follower.events).toHaveLength(1);
  });

  test('empty for 300 ms, then written in two parts: only the last is seen', async () => {
    writeFileSync(file(), jobFile('old'));
    const follower = follow();
    truncateSync(file());
    await sleep(300);
    expect(follower.script).toBe('old');
    appendFileSync(file(), 'jobs:\n  one:\n');
    await sleep(20);
    appendFileSync(file(), '    run: new\n');
    await follower.runs('new');
    await sleep(QUIET_MS);
    expect(follower.events.at(-1)).toMatchObject({
      kind: 'applied',
      changes: { changed: ['one'], removed: ['same'] },
    });
  });

  test('made empty for good: no jobs', async () => {
    writeFileSync(file(), jobFile('old'));
    const follower = follow();
    truncateSync(file());
    expect(await follower.next()).toMatchObject({ kind: 'applied', changes: { removed: ['one', 'same'] } });
  });

  test('broken, then mended', async () => {
    writeFileSync(file(), jobFile('good'));
    const follower = follow();
    writeFileSync(file(), 'jobs:\n  one:\n    rum: x\n');
    expect(await follower.next()).toMatchObject({
      kind: 'broken',
      problems: [{ path: 'jobs.one.run' }, { likely: 'run' }],
    });
    expect(follower.script).toBe('good');
    expect(follower.live.last.kind).toBe('broken');
    writeFileSync(file(), jobFile('mended'));
    expect(await follower.next()).toMatchObject({
      kind: 'applied',
      changes: { changed: ['one'], unchanged: ['same'] },
    });
    expect(follower.live.last.kind).toBe('applied');
  });

  test('broken from the start: nothing is in force, then what it says', async () => {
    writeFileSync(file(), 'jobs: [');
    const follower = follow();
    expect(follower.live.last.kind).toBe('broken');
    expect(follower.live.current.jobs.size).toBe(0);
    writeFileSync(file(), jobFile('mended'));
    expect(await follower.next()).toMatchObject({ kind: 'applied', changes: { added: ['one', 'same'] } });
  });

  test('two hundred times within two seconds: the last one is in force', async () => {
    writeFileSync(file(), jobFile('s0'));
    const follower = follow();
    for (let round = 1; round <= 200; round += 1) {
      if (round % 2 === 0) saveByRename(file(), jobFile(`s${round}`));
      else writeFileSync(file(), jobFile(`s${round}`));
      await sleep(10);
    }
    await follower.runs('s200');
    console.log(`200 saves, ${follower.events.length} times applied`);
    expect(follower.events.length).toBeLessThan(50);
    expect(follower.events.filter(({ kind }) => kind === 'broken')).toEqual([]);
  });
});

describe('a file that is missing', () => {
  const file = () => join(folder, 'soloist.yaml');

  test('from the start: no jobs, and that is said; then it appears', async () => {
    const follower = follow();
    expect(follower.live.last).toMatchObject({
      kind: 'applied',
      changes: { added: [], changed: [], removed: [], unchanged: [] },
      warnings: [{ kind: 'file', message: `There is no file ${file()}.` }],
    });
    writeFileSync(file(), jobFile('x'));
    expect(await follower.next()).toMatchObject({
      kind: 'applied',
      changes: { added: ['one', 'same'] },
      warnings: [],
    });
  });

  test('deleted: what it said stays in force; then it is back', async () => {
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    rmSync(file());
    expect(await follower.next()).toMatchObject({ kind: 'broken', problems: [{ kind: 'file' }] });
    expect(follower.script).toBe('x');
    writeFileSync(file(), jobFile('x'));
    expect(await follower.next()).toMatchObject({ kind: 'applied', changes: { unchanged: ['one', 'same'] } });
  });

  test('with its folder, and the one above', async () => {
    const deep = join(folder, 'a', 'b', 'soloist.yaml');
    const follower = follow(deep);
    mkdirSync(join(folder, 'a'));
    await sleep(150);
    mkdirSync(join(folder, 'a', 'b'));
    writeFileSync(deep, jobFile('deep'));
    await follower.runs('deep');
    saveByRename(deep, jobFile('deeper'));
    await follower.runs('deeper');
    expect(follower.warnings).toEqual([]);
  });

  test('folder and all made at once', async () => {
    const follower = follow(join(folder, 'a', 'b', 'soloist.yaml'));
    mkdirSync(join(folder, 'new', 'b'), { recursive: true });
    writeFileSync(join(folder, 'new', 'b', 'soloist.yaml'), jobFile('moved in'));
    renameSync(join(folder, 'new'), join(folder, 'a'));
    await follower.runs('moved in');
  });

  test('its folder is deleted and made anew, twice', async () => {
    const inner = join(folder, 'inner');
    const deep = join(inner, 'soloist.yaml');
    mkdirSync(inner);
    writeFileSync(deep, jobFile('d0'));
    const follower = follow(deep);
    for (const script of ['d1', 'd2']) {
      rmSync(inner, { recursive: true });
      await sleep(50);
      mkdirSync(inner);
      writeFileSync(deep, jobFile(script));
      await follower.runs(script);
    }
  });

  test('its folder is replaced by another one', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(inner, 'soloist.yaml'), jobFile('before'));
    writeFileSync(join(folder, 'other', 'soloist.yaml'), jobFile('after'));
    const follower = follow(join(inner, 'soloist.yaml'));
    renameSync(inner, join(folder, 'away'));
    renameSync(join(folder, 'other'), inner);
    await follower.runs('after');
    saveByRename(join(inner, 'soloist.yaml'), jobFile('saved'));
    await follower.runs('saved');
  });
});

describe.skipIf(process.platform === 'win32')('a file that is a link', () => {
  const target = () => join(folder, 'dotfiles', 'soloist.yaml');
  const link = () => join(folder, 'config', 'soloist.yaml');

  beforeEach(() => {
    mkdirSync(join(folder, 'dotfiles'));
    mkdirSync(join(folder, 'config'));
    writeFileSync(target(), jobFile('first'));
  });

  test('its target is saved, in place and by rename', async () => {
    symlinkSync('../dotfiles/soloist.yaml', link());
    const follower = follow(link());
    expect(follower.script).toBe('first');
    writeFileSync(target(), jobFile('in place'));
    await follower.runs('in place');
    saveByRename(target(), jobFile('renamed'));
    await follower.runs('renamed');
  });

  test('it is made to point elsewhere', async () => {
    symlinkSync(target(), link());
    const follower = follow(link());
    const other = join(folder, 'other.yaml');
    writeFileSync(other, jobFile('other'));
    symlinkSync(other, `${link()}.new`);
    renameSync(`${link()}.new`, link());
    await follower.runs('other');
    saveByRename(other, jobFile('other, saved'));
    await follower.runs('other, saved');
  });

  test('its folder is a link that is made to point elsewhere', async () => {
    rmSync(join(folder, 'config'), { recursive: true });
    symlinkSync('dotfiles', join(folder, 'config'));
    const follower = follow(link());
    mkdirSync(join(folder, 'dotfiles-2'));
    writeFileSync(join(folder, 'dotfiles-2', 'soloist.yaml'), jobFile('second'));
    symlinkSync('dotfiles-2', join(folder, 'config.new'));
    renameSync(join(folder, 'config.new'), join(folder, 'config'));
    await follower.runs('second');
  });

  test('it points to nothing, until that appears', async () => {
    symlinkSync(join(folder, 'later', 'soloist.yaml'), link());
    const follower = follow(link());
    expect(follower.live.last).toMatchObject({ kind: 'applied', warnings: [{ kind: 'file' }] });
    mkdirSync(join(folder, 'later'));
    writeFileSync(join(folder, 'later', 'soloist.yaml'), jobFile('later'));
    await follower.runs('later');
  });

  test('a circle of links is a problem, not an endless search', () => {
    symlinkSync(link(), join(folder, 'config', 'a'));
    symlinkSync(join(folder, 'config', 'a'), link());
    expect(follow(link()).live.last).toMatchObject({ kind: 'broken', problems: [{ kind: 'file' }] });
  });

  test('each folder on the way is watched for the name that matters in it', () => {
    symlinkSync('../dotfiles/soloist.yaml', link());
    const watched = foldersToWatch(link()).map(({ path, names }) => [path.slice(folder.length), ...names]);
    expect(watched).toEqual([
      ['/config', 'soloist.yaml'],
      ['/dotfiles', 'soloist.yaml'],
    ]);
    expect(foldersToWatch(join(folder, 'x', 'y', 'z')).map(({ path, names }) => [path, ...names])).toEqual([
      [folder, 'x'],
    ]);
  });
});

describe('what is no file that can be read', () => {
  const file = () => join(folder, 'soloist.yaml');

  test('a folder, then a file', async () => {
    mkdirSync(file());
    const follower = follow();
    expect(follower.live.last).toMatchObject({
      kind: 'broken',
      problems: [{ message: `${file()} is not a file.` }],
    });
    rmSync(file(), { recursive: true });
    writeFileSync(file(), jobFile('x'));
    await follower.runs('x');
  });

  test.skipIf(process.platform === 'win32')('a pipe does not stop the daemon', () => {
    execFileSync('mkfifo', [file()]);
    expect(follow().live.last).toMatchObject({
      kind: 'broken',
      problems: [{ message: `${file()} is not a file.` }],
    });
  });

  test('a huge file is not read at all', async () => {
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    truncateSync(file(), 5_000_000_000);
    expect(await follower.next()).toMatchObject({
      kind: 'broken',
      problems: [{ message: expect.stringContaining('5 GB') }],
    });
    expect(follower.script).toBe('x');
  });
});

describe('following', () => {
  const file = () => join(folder, 'soloist.yaml');

  test('other files in the folder make no difference', async () => {
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    for (let index = 0; index < 50; index += 1) writeFileSync(join(folder, `other-${index}`), 'x');
    saveByRename(join(folder, 'other'), 'x');
    await sleep(QUIET_MS);
    expect(follower.events).toEqual([]);
  });

  test('reload reads at once, and tells even if nothing changed', async () => {
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    expect(follower.live.reload()).toMatchObject({
      kind: 'applied',
      changes: { unchanged: ['one', 'same'] },
    });
    writeFileSync(file(), jobFile('y'));
    expect(follower.live.reload()).toMatchObject({ kind: 'applied', changes: { changed: ['one'] } });
    expect(follower.script).toBe('y');
    writeFileSync(file(), '[');
    expect(follower.live.reload()).toMatchObject({ kind: 'broken' });
    expect(follower.events).toHaveLength(3);
    await sleep(QUIET_MS);
    // The file's events came later and told nothing new.
    expect(follower.events).toHaveLength(3);
    expect(follower.script).toBe('y');
  });

  test('a file that is only touched changes no job', async () => {
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    utimesSync(file(), 1_000, 1_000);
    expect(await follower.next()).toMatchObject({
      kind: 'applied',
      changes: { unchanged: ['one', 'same'], changed: [] },
    });
  });

  test('nothing happens after close, and nothing keeps the process alive before', async () => {
    const before = process.getActiveResourcesInfo().length;
    writeFileSync(file(), jobFile('x'));
    const follower = follow();
    writeFileSync(file(), jobFile('y'));
    expect(process.getActiveResourcesInfo()).toHaveLength(before);
    follower.live.close();
    await sleep(QUIET_MS);
    expect(follower.events).toEqual([]);
    expect(follower.script).toBe('x');
  });
});
