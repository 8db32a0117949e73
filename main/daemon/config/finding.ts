import type { Fault, Path } from './syntax.ts';

/** Something that is not right with what a file says, found without looking at its text. */
export type Finding =
  /** A key that does not belong here. */
  | {
      readonly kind: 'unknown-key';
      readonly path: Path;
      readonly expected: string;
      readonly candidates: Words;
    }
  /** A key that must be here. */
  | { readonly kind: 'missing-key'; readonly path: Path; readonly expected: string }
  /** A name that cannot be used, of a job or a variable. */
  | { readonly kind: 'unusable-key'; readonly path: Path; readonly expected: string }
  /** A value that cannot be used. */
  | { readonly kind: 'value'; readonly path: Path; readonly expected: string; readonly candidates: Words }
  /** Things that are right by themselves and not together; the reason is a sentence without its full stop. */
  | { readonly kind: 'conflict'; readonly path: Path; readonly reason: string; readonly expected: string };

/** What may have been meant. A function where it takes long to list, since it is wanted only when there is a problem. */
export type Words = readonly string[] | (() => readonly string[]);

export type ProblemKind = Finding['kind'] | Fault['kind'] | 'file';

/** Where a problem stands in the text of its file. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
  /** How many code units of this line it is about; at least 1. */
  readonly length: number;
  /** The line itself, or the part of a very long one that is around the column. */
  readonly source: string;
  /** The column at which `source` begins: 1 unless the line is very long. */
  readonly sourceColumn: number;
}

/** A problem with a configuration file, with all that a person needs in order to mend it. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly file: string;
  /** Undefined if it is about the file as a whole: it is missing, too large or cannot be read. */
  readonly place: Place | undefined;
  /** Which value: `jobs.backup.retry.attempts`; empty for the file as a whole. */
  readonly path: string;
  /** The value as it is shown: text in quotes, or what kind of thing it is. Undefined if there is none. */
  readonly value: string | undefined;
  readonly expected: string;
  /** The word that was probably meant. */
  readonly likely: string | undefined;
  /** One sentence or two, without file and position. */
  readonly message: string;
}
