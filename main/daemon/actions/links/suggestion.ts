/** A suggested link that waits for a person, or that one has decided about. */
export const suggestionStates = ['waiting', 'accepted', 'dismissed'] as const;
export type SuggestionState = (typeof suggestionStates)[number];

export interface NoteReference {
  /** Below the vault, with slashes. */
  readonly path: string;
  readonly title: string;
}

/** As it is shown. */
export interface SuggestionView {
  readonly id: string;
  readonly job: string;
  /** The note that is to get the link, and the one that it leads to. */
  readonly note: NoteReference;
  readonly target: NoteReference;
  /** How alike they are, from 0 to 1. */
  readonly score: number;
  /** Why: the terms that both share, the weightiest first. */
  readonly terms: readonly string[];
  /** The passage of the note that is nearest to the target; empty if none is nearer than the others. */
  readonly passage: string;
  readonly state: SuggestionState;
  /** When it was accepted or dismissed: ISO 8601 in UTC; null while it waits. */
  readonly decidedAt: string | null;
}

/** One suggestion with what both notes say now; null of a note that is gone. Long notes are cut. */
export interface SuggestionDetails {
  readonly suggestion: SuggestionView;
  readonly noteText: string | null;
  readonly targetText: string | null;
}

export interface SuggestionFilter {
  readonly job?: string | undefined;
  readonly state?: SuggestionState | undefined;
  readonly limit: number;
}

/**
 * All that can be asked of the suggestions of a daemon's jobs. What a person can mend is a `SoloistError`: an id that is
 * none has the code `unknown-link`, a note that changed so that nothing may be written or undone `note-changed`.
 */
export interface Links {
  /** The likeliest first, those of one note together; `total`: how many there are without the limit. */
  list(
    filter: SuggestionFilter,
  ): Promise<{ readonly links: readonly SuggestionView[]; readonly total: number }>;
  details(id: string): Promise<SuggestionDetails>;
  /** Writes the link into the note. */
  accept(id: string): Promise<SuggestionView>;
  dismiss(id: string): Promise<SuggestionView>;
  /** Takes back the last decision about it: restores the exact former bytes of the note, unless it changed since. */
  undo(id: string): Promise<SuggestionView>;
}
