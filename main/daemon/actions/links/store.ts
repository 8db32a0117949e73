import { randomId } from '../../random-id.ts';
import type { Database, Row } from '../../sqlite/database.ts';
import { type FilePlan, openFile } from '../../sqlite/plain-file.ts';
import { IF_DAMAGED } from './files.ts';
import { type SuggestionState, suggestionStates } from './suggestion.ts';

/** A suggestion as it was reckoned. */
export interface Suggested {
  readonly target: string;
  readonly targetTitle: string;
  readonly targetUid: string | undefined;
  readonly score: number;
  readonly terms: readonly string[];
  readonly passage: string;
}

/** What accepting wrote into a note, by which it can be taken out again. */
export interface Insertion {
  /** In bytes from the beginning of the file. */
  readonly offset: number;
  readonly text: string;
  /** SHA-256 of the note before and after. */
  readonly before: string;
  readonly after: string;
}

/** A row of the store. `pending`: what was begun on the note's file and is not known to be done. */
export interface StoredSuggestion {
  readonly id: string;
  readonly note: string;
  readonly noteTitle: string;
  readonly target: string;
  readonly targetTitle: string;
  readonly score: number;
  readonly terms: readonly string[];
  readonly passage: string;
  readonly state: SuggestionState;
  readonly decidedAt: string | null;
  readonly insertion: Insertion | undefined;
  readonly pending: 'accept' | 'undo' | undefined;
}

export interface Renamed {
  readonly from: string;
  readonly to: string;
}

const TABLES = `
  CREATE TABLE suggestions (
    id TEXT PRIMARY KEY,
    note TEXT NOT NULL, note_title TEXT NOT NULL, note_uid TEXT,
    target TEXT NOT NULL, target_title TEXT NOT NULL, target_uid TEXT,
    score REAL NOT NULL, terms TEXT NOT NULL, passage TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'dismissed')),
    decided_at TEXT,
    insertion TEXT,
    pending TEXT CHECK (pending IN ('accept', 'undo')),
    UNIQUE (note, target)
  );
  CREATE INDEX suggestions_target ON suggestions (target);
  CREATE INDEX suggestions_state ON suggestions (state);
  CREATE INDEX suggestions_pending ON suggestions (pending) WHERE pending IS NOT NULL;
  CREATE TABLE touched (note TEXT PRIMARY KEY) WITHOUT ROWID;
`;

const PLAN: FilePlan = {
  code: 'links',
  what: 'The list of suggested links',
  ifDamaged: IF_DAMAGED,
  version: 1,
  tables: TABLES,
  // What a person decided, and what is about to be written into a note, is on the disk before it is done.
  settings: 'PRAGMA synchronous = FULL',
  busyMs: 5_000,
  isCopy: false,
};

/**
 * Suggestions and what was decided about them, in a file that the action and the daemon both have open. The action adds and
 * removes those that wait; only the daemon decides.
 */
export class SuggestionStore {
  readonly database: Database;

  private constructor(database: Database) {
    this.database = database;
  }

  /** `busyMs`: how long this thread may wait while the other process writes. */
  static open(file: string, warn: (line: string) => void, busyMs = PLAN.busyMs): SuggestionStore {
    return new SuggestionStore(openFile(file, { ...PLAN, busyMs }, warn));
  }

  close(): void {
    this.database.close();
  }

  get(id: string): StoredSuggestion | undefined {
    const row = this.database.get('SELECT * FROM suggestions WHERE id = ?', [id]);
    return row && decoded(row);
  }

  /** How many there are. */
  count(state: SuggestionState | undefined): number {
    const row =
      state === undefined
        ? this.database.get('SELECT count(*) AS count FROM suggestions')
        : this.database.get('SELECT count(*) AS count FROM suggestions WHERE state = ?', [state]);
    return Number(row?.count);
  }

  /** The likeliest first, those of one note together. `best`: the score of the likeliest of its note. */
  likeliest(
    state: SuggestionState | undefined,
    limit: number,
  ): readonly { readonly best: number; readonly suggestion: StoredSuggestion }[] {
    const rows = this.database.all(
      // No more notes are needed than suggestions: to read all of them in order would hold up the daemon.
      `WITH notes AS MATERIALIZED (
         SELECT note, max(score) AS best FROM suggestions WHERE ?1 IS NULL OR state = ?1
           GROUP BY note ORDER BY best DESC, note LIMIT ?2)
       SELECT suggestions.*, best FROM notes CROSS JOIN suggestions USING (note) WHERE ?1 IS NULL OR state = ?1
         ORDER BY best DESC, note, score DESC, target LIMIT ?2`,
      [state ?? null, limit],
    );
    return rows.map((row) => ({ best: Number(row.best), suggestion: decoded(row) }));
  }

  /** Those of which something was begun on a file. */
  pending(): readonly StoredSuggestion[] {
    return this.database.all('SELECT * FROM suggestions WHERE pending IS NOT NULL').map(decoded);
  }

  /** The other notes of pairs of a note about which was decided, whichever of both was to get the link. */
  decidedWith(note: string): Set<string> {
    const rows = this.database.all(
      `SELECT target AS other FROM suggestions WHERE note = ? AND (+state <> 'waiting' OR +pending IS NOT NULL)
       UNION SELECT note FROM suggestions WHERE target = ? AND (+state <> 'waiting' OR +pending IS NOT NULL)`,
      [note, note],
    );
    return new Set(rows.map(({ other }) => String(other)));
  }

  /** The notes for which a note is suggested. */
  suggesting(target: string): readonly string[] {
    const rows = this.database.all(`SELECT note FROM suggestions WHERE target = ? AND +state = 'waiting'`, [
      target,
    ]);
    return rows.map(({ note }) => String(note));
  }

  /** Why notes are suggested for a note, by the target, as it was reckoned last. */
  reasons(note: string): ReadonlyMap<string, Pick<Suggested, 'terms' | 'passage'>> {
    const rows = this.database.all(
      `SELECT target, terms, passage FROM suggestions WHERE note = ? AND +state = 'waiting'`,
      [note],
    );
    return new Map(
      rows.map(({ target, terms, passage }) => [
        String(target),
        { terms: JSON.parse(String(terms)), passage: String(passage) },
      ]),
    );
  }

  /** How many suggestions a note has that wait, and the least likely of them. */
  waitingOf(note: string): { readonly count: number; readonly least: number } {
    const row = this.database.get(
      `SELECT count(*) AS count, min(score) AS least FROM suggestions WHERE note = ? AND +state = 'waiting'`,
      [note],
    );
    return { count: Number(row?.count), least: Number(row?.least ?? 0) };
  }

  /** Makes these the suggestions of a note that wait. Those that were there already keep their ids. */
  replace(
    note: { readonly path: string; readonly title: string; readonly uid: string | undefined },
    suggested: readonly Suggested[],
  ): { readonly added: number; readonly gone: number } {
    const before = this.database.all(
      `SELECT id, target FROM suggestions WHERE note = ? AND +state = 'waiting' AND +pending IS NULL`,
      [note.path],
    );
    const wanted = new Set(suggested.map(({ target }) => target));
    const gone = before.filter(({ target }) => !wanted.has(String(target)));
    for (const { id } of gone) this.database.run('DELETE FROM suggestions WHERE id = ?', [id ?? '']);
    let added = 0;
    for (const { target, targetTitle, targetUid, score, terms, passage } of suggested) {
      const known = before.some((row) => row.target === target);
      if (!known) added++;
      this.database.run(
        `INSERT INTO suggestions (id, note, note_title, note_uid, target, target_title, target_uid, score, terms, passage, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
         ON CONFLICT (note, target) DO UPDATE SET note_title = excluded.note_title, note_uid = excluded.note_uid,
           target_title = excluded.target_title, target_uid = excluded.target_uid, score = excluded.score,
           terms = excluded.terms, passage = excluded.passage WHERE state = 'waiting' AND +pending IS NULL`,
        [
          newId(),
          note.path,
          note.title,
          note.uid ?? null,
          target,
          targetTitle,
          targetUid ?? null,
          score,
          JSON.stringify(terms),
          passage,
        ],
      );
    }
    return { added, gone: gone.length };
  }

  /** Removes what waits of a note that is gone; what was decided about it stays, in case that it comes back. */
  removeNote(path: string): number {
    return this.database.run(
      `DELETE FROM suggestions WHERE (note = ? OR target = ?) AND +state = 'waiting' AND +pending IS NULL`,
      [path, path],
    );
  }

  /** Removes what waits of notes that are none of these. */
  keepOnly(isKnown: (path: string) => boolean): number {
    const rows = this.database.all(
      `SELECT DISTINCT note AS path FROM suggestions UNION SELECT DISTINCT target FROM suggestions`,
    );
    return rows.reduce(
      (sum, { path }) => (isKnown(String(path)) ? sum : sum + this.removeNote(String(path))),
      0,
    );
  }

  /** Takes over what is known of notes that have other names now. */
  rename(renamed: readonly Renamed[]): void {
    // In two steps, since two notes may have swapped their names.
    const steps = [
      renamed.map(({ from, to }) => ({ from, to: `\0${to}` })),
      renamed.map(({ to }) => ({ from: `\0${to}`, to })),
    ];
    for (const { from, to } of steps.flat())
      for (const column of ['note', 'target'] as const)
        this.database.run(`UPDATE OR REPLACE suggestions SET ${column} = ? WHERE ${column} = ?`, [to, from]);
  }

  /** The former paths of notes that came back under other ones: their ids tell. */
  returned(uid: string, path: string): readonly Renamed[] {
    const rows = this.database.all(
      `SELECT note AS former FROM suggestions WHERE note_uid = ? AND note <> ?
       UNION SELECT target FROM suggestions WHERE target_uid = ? AND target <> ?`,
      [uid, path, uid, path],
    );
    return rows.map(({ former }) => ({ from: String(former), to: path }));
  }

  /** The notes about whose suggestions was decided that are not reckoned anew yet. */
  touched(): readonly string[] {
    return this.database.all('SELECT note FROM touched').map(({ note }) => String(note));
  }

  /** Forgets that these were touched. */
  settle(notes: readonly string[]): void {
    for (const note of notes) this.database.run('DELETE FROM touched WHERE note = ?', [note]);
  }

  /** Notes down that something is begun on the note's file. */
  begin(id: string, pending: 'accept' | 'undo', insertion: Insertion | undefined): void {
    this.database.run('UPDATE suggestions SET pending = ?, insertion = ? WHERE id = ?', [
      pending,
      insertion === undefined ? null : JSON.stringify(insertion),
      id,
    ]);
  }

  /** Writes what was decided, and takes the same pair the other way round off the list. */
  decide(
    suggestion: StoredSuggestion,
    state: SuggestionState,
    at: Date | undefined,
    insertion?: Insertion,
  ): void {
    const { id, note, target } = suggestion;
    this.database.transaction(() => {
      this.database.run(
        'UPDATE suggestions SET state = ?, decided_at = ?, insertion = ?, pending = NULL WHERE id = ?',
        [state, at?.toISOString() ?? null, insertion === undefined ? null : JSON.stringify(insertion), id],
      );
      if (state !== 'waiting')
        this.database.run(
          `DELETE FROM suggestions WHERE note = ? AND target = ? AND +state = 'waiting' AND +pending IS NULL`,
          [target, note],
        );
      for (const path of [note, target])
        this.database.run('INSERT OR IGNORE INTO touched (note) VALUES (?)', [path]);
    });
  }
}

/** Short enough to be typed, long enough that no two are the same. */
const newId = (): string => randomId().replaceAll('-', '').slice(0, 12);

function decoded(row: Row): StoredSuggestion {
  const state = suggestionStates.find((known) => known === row.state);
  return {
    id: String(row.id),
    note: String(row.note),
    noteTitle: String(row.note_title),
    target: String(row.target),
    targetTitle: String(row.target_title),
    score: Number(row.score),
    terms: JSON.parse(String(row.terms)),
    passage: String(row.passage),
    state: state ?? 'waiting',
    decidedAt: row.decided_at === null ? null : String(row.decided_at),
    insertion: row.insertion === null ? undefined : JSON.parse(String(row.insertion)),
    pending: row.pending === 'accept' || row.pending === 'undo' ? row.pending : undefined,
  };
}
