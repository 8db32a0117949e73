import { basename } from 'node:path';
import { SoloistError } from '../../errors.ts';
import type { Action, ScreenshotsSettings } from '../action.ts';
import { type ImportOptions, importPictures, type Outcome } from './import.ts';
import { picturesIn } from './pictures-in.ts';
import { createRecogniser, type Recogniser } from './recognise.ts';
import { copyOfStore, openStore } from './store.ts';
import { openVault } from './vault.ts';

/** How long files that are not whole are looked at again within a run; they have the next run then. */
const PATIENCE_MS = 20_000;

export interface Job {
  readonly settings: ScreenshotsSettings;
  /** Pictures, and folders of them. */
  readonly paths: readonly string[];
  /** A folder that exists, for what is known of former pictures. */
  readonly state: string;
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly patience?: number;
  readonly report: ImportOptions['report'];
  warn(line: string): void;
}

/** Brings pictures into a vault. Resolves to whether it came to its end, which it does not if it was aborted. */
export async function bringIn(job: Job): Promise<boolean> {
  const { settings, state, signal, dryRun, patience = PATIENCE_MS, report, warn } = job;
  const vault = openVault(settings, dryRun);
  const files = picturesIn(job.paths, vault.attachments);
  const store = dryRun ? copyOfStore(state) : openStore(state, warn);
  let recogniser: Recogniser | undefined;
  try {
    // Before the first picture, so that a language that is missing is said at once.
    if (settings.ocr && !dryRun) recogniser = createRecogniser(settings.language, state);
    return await importPictures(files, {
      vault,
      store,
      afterwards: settings.afterwards,
      signal,
      dryRun,
      patience: dryRun ? 0 : patience,
      recognise: async (picture) => (await recogniser?.recognise(picture, signal)) ?? { kind: 'none' },
      report,
    });
  } finally {
    await recogniser?.end();
    store.close();
  }
}

/** The line about a file; undefined if there is nothing to say. */
export function outcomeLine(
  file: string,
  outcome: Outcome,
  dryRun = false,
): { line: string; isWarning: boolean } | undefined {
  const name = basename(file);
  switch (outcome.kind) {
    case 'imported':
      return {
        line: `${name}: ${dryRun ? 'would go' : 'brought'} into ${outcome.note} as ${outcome.picture}${textNote(outcome)}`,
        isWarning: false,
      };
    case 'known':
      return { line: `${name}: is in the vault already`, isWarning: false };
    case 'unfinished':
      return { line: `${name}: ${outcome.reason}; it is left for the next run`, isWarning: true };
    case 'failed':
      return { line: `${name}: not brought in. ${outcome.reason}`, isWarning: true };
    case 'not-a-picture':
      return { line: `${name}: passed over, since ${outcome.reason}`, isWarning: true };
    case 'gone':
      return undefined;
  }
}

function textNote({ text }: Extract<Outcome, { kind: 'imported' }>): string {
  switch (text.kind) {
    case 'none':
      return '';
    case 'failed':
      return `, without its text: ${text.reason}`;
    case 'text':
      return text.text === '' ? ', with no text in it' : ', with its text';
  }
}

/** The action: brings the files that made the job due into the vault, or all of the watched folders. */
export const screenshots: Action<ScreenshotsSettings> = async (settings, context) => {
  const { files, watched = [], state, signal } = context;
  let failed = 0;
  const ended = await bringIn({
    settings,
    paths: files.length > 0 ? files : watched,
    state,
    signal,
    dryRun: false,
    report(file, outcome) {
      if (outcome.kind === 'failed') failed++;
      const said = outcomeLine(file, outcome);
      if (said !== undefined) context[said.isWarning ? 'warn' : 'print'](said.line);
    },
    warn: (line) => context.warn(line),
  });
  if (!ended) {
    throw new SoloistError({
      code: 'run-ended',
      message: 'The run was ended before all pictures were in the vault.',
      hint: 'The next run goes on with the others.',
    });
  }
  if (failed > 0) {
    throw new SoloistError({
      code: 'pictures-left',
      message: `${failed === 1 ? 'A picture' : `${failed} pictures`} could not be brought into the vault.`,
      hint: 'The lines above say why; the next run tries again.',
    });
  }
};
