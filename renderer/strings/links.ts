import { isolate } from '../bidi.ts';

/** Of the Links view. */
export const linkStrings = {
  title: 'Links',
  waiting: (count: number) => (count === 1 ? '1 suggested link waits' : `${count} suggested links wait`),
  list: 'Suggested links',
  shown: (shown: number, total: number) =>
    shown === total ? `${total} waiting` : `The likeliest ${shown} of ${total}`,
  sure: (percent: number) => `${percent} % sure`,
  leadsTo: 'leads to',
  pair: (note: string, target: string) => `${isolate(note)} leads to ${isolate(target)}`,
  by: 'Suggested by',
  why: 'Why: both speak of',
  whyNone: 'Why: as a whole they read alike; no single word stands out.',
  passage: 'Nearest passage:',
  note: 'Gets the link',
  target: 'Is linked to',
  noteText: (title: string) => `Text of ${isolate(title)}, which gets the link`,
  targetText: (title: string) => `Text of ${isolate(title)}, which is linked to`,
  gone: 'This note is not there any more.',
  blank: 'This note is empty.',
  loadingNotes: 'Reading both notes…',
  notesRefused: 'The notes could not be read',
  actions: 'What to do with this suggestion',
  accept: 'Accept',
  dismiss: 'Dismiss',
  skip: 'Skip',
  undo: 'Undo',
  added: (link: string, note: string, heading: string | undefined) =>
    `Added ${isolate(link)} to ${isolate(note)}${heading === undefined ? '' : ` under ${isolate(heading)}`}.`,
  addedSomewhere: (target: string, note: string) => `Added a link to ${isolate(target)} to ${isolate(note)}.`,
  hasAlready: (target: string, note: string) =>
    `${isolate(note)} links to ${isolate(target)} already: nothing was written.`,
  dismissed: (target: string, note: string) =>
    `Dismissed: ${isolate(target)} is not suggested for ${isolate(note)} again.`,
  skipped: (target: string) => `Skipped ${isolate(target)}: it waits on.`,
  skippedLast: 'That was the last one: back to the first.',
  undone: (target: string, note: string) =>
    `Taken back: ${isolate(target)} waits again, and ${isolate(note)} is as it was.`,
  undoneDismissal: (target: string) => `Taken back: ${isolate(target)} waits again.`,
  nothingToUndo: 'Nothing was decided here that could be taken back.',
  loading: 'Looking for suggested links…',
  none: 'No suggested links wait',
  noneHint: 'Suggestions come from a job with ‘use: links’. It compares the notes of a vault, such as:',
  example: `jobs:
  suggest-links:
    use: links
    schedule: "0 21 * * *"
    with: { vault: ~/notes }`,
  noneAfter: 'What it finds when it runs waits here, and nothing is written before you accept it.',
  edit: 'Edit configuration',
  allDone: 'All are looked through',
  allDoneHint: 'New ones appear here when the job has run again.',
  older: 'This daemon suggests no links',
  olderHint: 'It is of an older version. Stop it and start the daemon here, or update it.',
  noDaemon: 'No daemon runs here',
  noDaemonHint: 'Suggested links are shown, and written into notes, by a daemon that runs.',
  refused: 'The suggested links could not be read',
} as const;
