import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { starterFile } from '../../../main/daemon/config/starter.ts';
import { type CommandOutput, soloist } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A person with a home of Soloist, to whom the examples of a page are given. */
export interface Scene {
  /** Runs words behind `soloist`; placeholders such as JOB are filled in. */
  readonly run: (words: readonly string[]) => Promise<CommandOutput>;
  /** Has a daemon run, or none. */
  readonly have: (daemon: 'running' | 'stopped') => Promise<void>;
  readonly hasFile: () => boolean;
  readonly home: string;
  readonly end: () => Promise<void>;
}

/** What the examples need beside the first configuration: jobs that fail or end, a guard, a vault. */
const EXTRAS = `
  backup: { run: "true", schedule: "0 3 * * *", missed: once }
  fails: { run: "exit 3" }
  pictures: { use: screenshots, with: { vault: vault, ocr: false } }
guards:
  nothing: { match: no-process-has-this-in-its-command-line }
`;

/** An empty home; with a configuration unless the examples write it themselves. */
export function scene(file: 'written' | 'none'): Scene {
  const user = temporaryFolder();
  const home = join(user, 'home');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(join(home, 'vault'));
  mkdirSync(join(user, 'pictures'));
  if (file === 'written') writeFileSync(join(home, 'soloist.yaml'), starterFile('/schema.json') + EXTRAS);
  const environment = { HOME: user, SHELL: '/bin/sh', EDITOR: 'true', VISUAL: '', XDG_DATA_HOME: undefined };
  const plain = (words: readonly string[]) => soloist(home, words, { environment, cwd: user });

  let ran: string | undefined;
  const known: Readonly<Record<string, () => string | Promise<string>>> = {
    JOB: () => 'hello',
    async RUN() {
      ran ??= JSON.parse((await plain(['run', 'hello', '--wait', '--json'])).stdout).data.run.id as string;
      return ran;
    },
    async ID() {
      await plain(['run', 'fails', '--wait']);
      return JSON.parse((await plain(['alerts', '--json'])).stdout).data.alerts[0].id.toString();
    },
    NAME: () => 'nothing',
    FOLDER: () => join(user, 'pictures'),
    FILE: () => join(home, 'soloist.yaml'),
    DIR: () => home,
    TOPIC: () => 'schedules',
    COMMAND: () => 'config',
    KEY: () => 'watch.settle',
    N: () => '3',
  };

  return {
    async run(words) {
      const filled: string[] = [];
      for (const word of words) filled.push((await known[word]?.()) ?? word);
      return plain(filled);
    },
    async have(daemon) {
      if (daemon === 'running') await plain(['up', '--ensure']);
      else await plain(['down']);
    },
    hasFile: () => existsSync(join(home, 'soloist.yaml')),
    home,
    async end() {
      await plain(['down', '--timeout', '10s']);
    },
  };
}
