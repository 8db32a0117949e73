import { basename } from 'node:path';
import { type Judged, warning, well, wrong } from './diagnosis.ts';
import type { Entry, Scene } from './scene.ts';

/** The history: can it be opened, by this version? */
export function examineHistory({ inside }: Scene): Judged[] {
  if (inside === undefined) return [];
  return [condition(inside.history), ...asideOf(inside.history.aside)];
}

function condition(history: NonNullable<Scene['inside']>['history']): Judged {
  const { file } = history;
  switch (history.kind) {
    case 'missing':
      return well('There is no history yet.', 'It begins with the first job.');
    case 'read':
      return well(
        `The history ${file} can be read.`,
        history.isChecked
          ? 'Its pages were checked and are sound.'
          : 'The daemon has it open; its pages were not checked.',
      );
    case 'newer':
      return wrong(
        `The history ${file} was written by a newer Soloist (its version is ${history.version}, this one knows up to ${history.newest}).`,
        'This version cannot run jobs with it, and leaves it as it is.',
        'Install the newer Soloist again, or move the file elsewhere to start a new history.',
      );
    case 'foreign':
      return wrong(
        `${file} is a database of another program, not a history of Soloist.`,
        'No job can run with it; it is left as it is.',
        'Move it elsewhere, or choose another home.',
      );
    case 'damaged':
      return wrong(
        `The history ${file} is damaged: ${history.reason}.`,
        'What ran until now may be lost. The next start moves it aside, deletes nothing, and begins a new one.',
        "Keep a copy if you want to have it mended, then use 'soloist up' (or 'soloist restart').",
      );
    case 'unread':
      return warning(
        `The history ${file} could not be looked at: ${history.reason}.`,
        'Whether it is sound is not known.',
        "Look at its permissions and its disk; 'soloist up' says what stands in its way.",
      );
  }
}

function asideOf(aside: readonly Entry[]): Judged[] {
  if (aside.length === 0) return [];
  const megabytes = aside.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000;
  return [
    warning(
      `${aside.length} ${aside.length === 1 ? 'file' : 'files'} of damaged histories ${aside.length === 1 ? 'lies' : 'lie'} beside it (${megabytes.toFixed(1)} MB): ${aside.map(({ path }) => basename(path)).join(', ')}.`,
      'They were moved aside when damage was found. Soloist does not use them.',
      'Delete them when nobody wants to look at them any more.',
    ),
  ];
}
