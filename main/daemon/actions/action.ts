/** The built-in actions, by the name that `use:` of a job gives. */
export const actionNames = ['screenshots', 'links'] as const;
export type ActionName = (typeof actionNames)[number];

/** Brings screenshots into a vault of notes. Paths are absolute. */
export interface ScreenshotsSettings {
  readonly vault: string;
  /** The folder for pictures, below the vault. */
  readonly attachments: string;
  /** The note of a day, below the vault: `Daily/{date:YYYY-MM-DD}.md`. */
  readonly note: string;
  /** What a note that is missing begins as: a file below the vault; undefined: a heading with the date. */
  readonly template: string | undefined;
  /** Whether the text of a picture is recognised, in this language (as tesseract names it: `eng`). */
  readonly ocr: boolean;
  readonly language: string;
  /** What becomes of the picture where it was. */
  readonly afterwards: 'copy' | 'move';
}

/** Suggests links between the notes of a vault. Paths are absolute. */
export interface LinksSettings {
  readonly vault: string;
  /** Patterns of notes to leave out, below the vault. */
  readonly exclude: readonly string[];
  /** The most suggestions for one note. */
  readonly suggestions: number;
  /** The least similarity that is suggested, from 0 to 1. */
  readonly threshold: number;
  /** The heading below which accepted links are written. */
  readonly section: string;
  /** A local Ollama that makes embeddings; undefined: notes are compared by their words. */
  readonly embeddings: { readonly url: string; readonly model: string } | undefined;
}

/** What a job that says `use:` runs. */
export type ActionCommand =
  | { readonly kind: 'action'; readonly action: 'screenshots'; readonly settings: ScreenshotsSettings }
  | { readonly kind: 'action'; readonly action: 'links'; readonly settings: LinksSettings };

/** What an action gets when it runs, in a process of its own. */
export interface ActionContext {
  readonly job: string;
  /** The files whose change made it due (absolute paths); empty if something else did. */
  readonly files: readonly string[];
  /** What the job watches (absolute paths), for a run that something else made due. */
  readonly watched?: readonly string[] | undefined;
  /** A folder of the job's own in the home, for what it keeps; it exists. */
  readonly state: string;
  /** Aborted when the run is to end: by SIGTERM, a time limit, a person. */
  readonly signal: AbortSignal;
  /** Prints a line of the run's output. */
  print(line: string): void;
  /** Prints a line to standard error. */
  warn(line: string): void;
}

/** An action. What a person can mend it throws as a `SoloistError`; then the run has failed. */
export type Action<Settings> = (settings: Settings, context: ActionContext) => Promise<void>;
