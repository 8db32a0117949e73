import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScreenshotsSettings } from '../../main/daemon/actions/action.ts';
import type { Outcome } from '../../main/daemon/actions/screenshots/import.ts';
import { bringIn, type Job } from '../../main/daemon/actions/screenshots/index.ts';
import { temporaryFolder } from './temporary.ts';

export interface TestVault {
  readonly settings: ScreenshotsSettings;
  /** Where the pictures arrive. */
  readonly arrivals: string;
  readonly state: string;
  path(below: string): string;
  read(below: string): string;
  /** The names in the folder for pictures. */
  pictures(): string[];
  /** Brings in what arrived, in this process; resolves to what became of each file. */
  run(more?: Partial<Job>): Promise<[file: string, outcome: Outcome][]>;
}

/** A vault without notes, and a folder in which pictures arrive. */
export function testVault(settings: Partial<ScreenshotsSettings> = {}): TestVault {
  const folder = temporaryFolder();
  const [vault, arrivals, state] = ['vault', 'arrivals', 'state'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  }) as [string, string, string];
  const all: ScreenshotsSettings = {
    vault,
    attachments: 'Media/Screenshots',
    note: 'Daily/{date:YYYY-MM-DD}.md',
    template: undefined,
    ocr: false,
    language: 'eng',
    afterwards: 'copy',
    ...settings,
  };
  return {
    settings: all,
    arrivals,
    state,
    path: (below) => join(vault, below),
    read: (below) => readFileSync(join(vault, below), 'utf8'),
    pictures: () => readdirSync(join(vault, all.attachments)).sort(),
    async run(more = {}) {
      const outcomes: [string, Outcome][] = [];
      await bringIn({
        settings: all,
        paths: [arrivals],
        state,
        signal: new AbortController().signal,
        dryRun: false,
        patience: 0,
        report: (file, outcome) => void outcomes.push([file.slice(file.lastIndexOf('/') + 1), outcome]),
        warn: (line) => console.error(line),
        ...more,
      });
      return outcomes;
    },
  };
}
