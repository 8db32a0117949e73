/** What an importer makes of a file of another program. Importers are pure functions of that file's text. */
export interface Imported {
  readonly jobs: readonly ImportedJob[];
  /** What could not be carried over, or means something a little else here; in the order of the file. */
  readonly remarks: readonly Remark[];
  /** How to switch the old one off, each a sentence or a command, in the order in which to do it. */
  readonly switchOff: readonly string[];
}

export interface ImportedJob {
  /** A valid name of a job, unique among those of this import. */
  readonly name: string;
  /** The line of the file where it begins, from 1; undefined where the format has no lines. */
  readonly line: number | undefined;
  /** What soloist.yaml says under the job's name: valid by the schema, in the order in which a person would write it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Remark {
  /** From 1; undefined where the format has no lines or the whole file is meant. */
  readonly line: number | undefined;
  /** The job that it is about. */
  readonly job?: string;
  /** What the file says, such as `MAILTO=me@example.org` or `KeepAlive.NetworkState`. */
  readonly what: string;
  readonly kind: 'left-out' | 'changed';
  /** A sentence: why, and what may be done instead. */
  readonly why: string;
}
