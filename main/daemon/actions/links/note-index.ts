import type { Database, Row } from '../../sqlite/database.ts';
import { type FilePlan, openFile } from '../../sqlite/plain-file.ts';
import type { ParsedNote } from '../notes/parse.ts';
import { type Named, nameKey, noteName, resolveLink } from '../notes/resolve.ts';
import { IF_DAMAGED } from './files.ts';
import { Postings, type Vector, vectorFromBytes, vectorOf, vectorToBytes } from './postings.ts';
import type { NoteTerms } from './terms.ts';

/** A note as the index knows it. */
export interface IndexedNote {
  readonly id: number;
  readonly path: string;
  readonly title: string;
  readonly uid: string | undefined;
  readonly hash: string;
  /** Whether there is nothing but its name. */
  readonly isBlank: boolean;
}

/** A note's file as it was when the index read it. */
export interface IndexedFile {
  readonly id: number;
  readonly mtimeMs: number;
  readonly size: number;
}

/** What is written about a note. */
export interface NoteEntry {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly hash: string;
  readonly parsed: ParsedNote;
  readonly terms: NoteTerms;
}

const TABLES = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE notes (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, uid TEXT,
    mtime TEXT NOT NULL, size INTEGER NOT NULL, hash TEXT NOT NULL, blank INTEGER NOT NULL
  );
  CREATE TABLE vectors (note INTEGER PRIMARY KEY, terms BLOB NOT NULL, names TEXT NOT NULL, tags TEXT NOT NULL);
  CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE, shown TEXT NOT NULL);
  CREATE TABLE postings (term INTEGER PRIMARY KEY, notes BLOB NOT NULL);
  CREATE TABLE norms (id INTEGER PRIMARY KEY CHECK (id = 1), notes BLOB NOT NULL);
  CREATE TABLE links (note INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, name TEXT NOT NULL);
  CREATE INDEX links_note ON links (note);
  CREATE INDEX links_name ON links (name);
  CREATE TABLE names (name TEXT NOT NULL, note INTEGER NOT NULL, alias INTEGER NOT NULL, PRIMARY KEY (name, note, alias)) WITHOUT ROWID;
  CREATE INDEX names_note ON names (note);
  CREATE TABLE embeddings (note INTEGER PRIMARY KEY, model TEXT NOT NULL, hash TEXT NOT NULL, vector BLOB NOT NULL);
`;

const PLAN: FilePlan = {
  code: 'links',
  what: 'The index of the notes',
  ifDamaged: IF_DAMAGED,
  version: 1,
  tables: TABLES,
  // A lost commit costs no more than an update.
  settings: 'PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000',
  busyMs: 5_000,
  isCopy: true,
};

/**
 * What is known of the notes of a vault, in a file of the job's own: which files there are, what each is about, and for each
 * term the notes that have it. Only what is asked for is read. Everything in it can be made anew from the notes.
 */
export class NoteIndex {
  readonly database: Database;
  readonly postings: Postings;

  private constructor(database: Database) {
    this.database = database;
    this.postings = new Postings(database);
  }

  static open(file: string, warn: (line: string) => void): NoteIndex {
    return new NoteIndex(openFile(file, PLAN, warn));
  }

  close(): void {
    this.database.close();
  }

  fact(name: string): string | undefined {
    const value = this.database.get('SELECT value FROM facts WHERE name = ?', [name])?.value;
    return value === undefined ? undefined : String(value);
  }

  setFact(name: string, value: string): void {
    this.database.run('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', [name, value]);
  }

  /** The files of all notes, by path; one text, since a row for each takes three times as long. */
  files(): Map<string, IndexedFile> {
    const sql = `SELECT json_group_array(json_array(id, path, mtime, size)) AS files FROM notes`;
    const files: [number, string, string, number][] = JSON.parse(String(this.database.get(sql)?.files));
    return new Map(files.map(([id, path, mtime, size]) => [path, { id, mtimeMs: Number(mtime), size }]));
  }

  ids(): readonly number[] {
    return this.database.all('SELECT id FROM notes').map(({ id }) => Number(id));
  }

  idOf(path: string): number | undefined {
    const row = this.database.get('SELECT id FROM notes WHERE path = ?', [path]);
    return row && Number(row.id);
  }

  note(id: number): IndexedNote | undefined {
    const row = this.database.get('SELECT id, path, title, uid, hash, blank FROM notes WHERE id = ?', [id]);
    return row && noteOf(row);
  }

  count(): number {
    return Number(this.database.get('SELECT count(*) AS notes FROM notes')?.notes);
  }

  /** The highest id of a note; 0 if there is none. */
  lastId(): number {
    return Number(this.database.get('SELECT max(id) AS id FROM notes')?.id ?? 0);
  }

  /** The length of each note's vector, by its id: one row, since all are wanted at once. */
  norms(): Float64Array {
    const found = new Float64Array(this.lastId() + 1);
    const bytes = this.database.get('SELECT notes FROM norms')?.notes;
    if (bytes instanceof Uint8Array)
      found.set(new Float64Array(bytes.slice().buffer).subarray(0, found.length));
    return found;
  }

  setNorms(norms: Float64Array): void {
    const bytes = new Uint8Array(norms.buffer, norms.byteOffset, norms.byteLength);
    this.database.run('INSERT OR REPLACE INTO norms (id, notes) VALUES (1, ?)', [bytes]);
  }

  /** The weights of a note's terms. */
  vector(id: number): Vector {
    const bytes = this.database.get('SELECT terms FROM vectors WHERE note = ?', [id])?.terms;
    return vectorFromBytes(bytes);
  }

  /** What the weights of such terms would be. */
  vectorOf(terms: NoteTerms): Vector {
    return vectorOf(terms, (term, shown) => this.#termId(term, shown));
  }

  /** Whether any note says anything. */
  hasText(): boolean {
    return this.database.get('SELECT 1 FROM notes WHERE blank = 0 LIMIT 1') !== undefined;
  }

  /** Which terms its names have, and its tags. */
  naming(id: number): { readonly names: readonly (readonly number[])[]; readonly tags: readonly string[] } {
    const row = this.database.get('SELECT names, tags FROM vectors WHERE note = ?', [id]);
    return { names: JSON.parse(String(row?.names ?? '[]')), tags: JSON.parse(String(row?.tags ?? '[]')) };
  }

  /** A term, and how it was written first. */
  term(id: number): { readonly term: string; readonly shown: string } {
    const row = this.database.get('SELECT term, shown FROM terms WHERE id = ?', [id]);
    return { term: String(row?.term ?? ''), shown: String(row?.shown ?? '') };
  }

  /** Writes what a file is now, of a note that did not change. */
  touch(id: number, mtimeMs: number, size: number): void {
    this.database.run('UPDATE notes SET mtime = ?, size = ? WHERE id = ?', [String(mtimeMs), size, id]);
  }

  /** Writes a note: a new one, or what one that is known (perhaps under another path) says now. Returns its id. */
  put(entry: NoteEntry, known: number | undefined): number {
    const { path, mtimeMs, size, hash, parsed, terms } = entry;
    const id =
      known ??
      this.database.insert(
        `INSERT INTO notes (path, title, uid, mtime, size, hash, blank) VALUES (?, '', NULL, '', 0, '', 1)`,
        [path],
      );
    this.database.run(
      'UPDATE notes SET path = ?, title = ?, uid = ?, mtime = ?, size = ?, hash = ?, blank = ? WHERE id = ?',
      [path, parsed.title, parsed.uid ?? null, String(mtimeMs), size, hash, Number(terms.isBlank), id],
    );
    const before = known === undefined ? [] : this.vector(id);
    const after = this.vectorOf(terms);
    this.postings.change(id, before, after);
    this.database.run('INSERT OR REPLACE INTO vectors (note, terms, names, tags) VALUES (?, ?, ?, ?)', [
      id,
      vectorToBytes(after),
      JSON.stringify(terms.names.map((name) => name.map((term) => this.#termId(term, term)))),
      JSON.stringify(parsed.tags.map(nameKey)),
    ]);
    this.#putNames(id, path, parsed, known !== undefined);
    return id;
  }

  remove(id: number): void {
    this.postings.change(id, this.vector(id), []);
    this.database.run('DELETE FROM notes WHERE id = ?', [id]);
    for (const table of ['vectors', 'links', 'names', 'embeddings'])
      this.database.run(`DELETE FROM ${table} WHERE note = ?`, [id]);
  }

  /** The notes that a name may mean. */
  named(name: string): readonly Named[] {
    const rows = this.database.all(
      'SELECT notes.path, names.alias FROM names JOIN notes ON notes.id = names.note WHERE names.name = ?',
      [name],
    );
    return rows.map(({ path, alias }) => ({ path: String(path), isAlias: alias === 1 }));
  }

  /** The paths of the notes that a note links to or that link to it. */
  linked(id: number, path: string): Set<string> {
    const found = new Set<string>();
    const named = (key: string): readonly Named[] => this.named(key);
    const own = this.database.all('SELECT kind, target FROM links WHERE note = ?', [id]);
    for (const row of own) {
      const target = resolveLink(linkOf(row), path, named);
      if (target !== undefined) found.add(target);
    }
    const incoming = this.database.all(
      `SELECT notes.path, links.kind, links.target FROM links JOIN notes ON notes.id = links.note
         WHERE links.name IN (SELECT name FROM names WHERE note = ?)`,
      [id],
    );
    for (const row of incoming)
      if (resolveLink(linkOf(row), String(row.path), named) === path) found.add(String(row.path));
    return found;
  }

  #putNames(id: number, path: string, parsed: ParsedNote, isKnown: boolean): void {
    if (isKnown)
      for (const table of ['links', 'names']) this.database.run(`DELETE FROM ${table} WHERE note = ?`, [id]);
    const addName = (name: string, alias: number): void => {
      this.database.run('INSERT OR IGNORE INTO names (name, note, alias) VALUES (?, ?, ?)', [
        nameKey(name),
        id,
        alias,
      ]);
    };
    addName(noteName(path), 0);
    for (const alias of parsed.aliases) addName(alias, 1);
    const distinct = new Map(parsed.links.map((link) => [`${link.kind} ${link.target}`, link]));
    for (const { kind, target } of distinct.values()) {
      const name = nameKey(noteName(target.replaceAll('\\', '/')));
      this.database.run('INSERT INTO links (note, kind, target, name) VALUES (?, ?, ?, ?)', [
        id,
        kind,
        target,
        name,
      ]);
    }
  }

  readonly #termIds = new Map<string, number>();

  #termId(term: string, shown: string): number {
    const cached = this.#termIds.get(term);
    if (cached !== undefined) return cached;
    const row = this.database.get('SELECT id FROM terms WHERE term = ?', [term]);
    const id =
      row === undefined
        ? this.database.insert('INSERT INTO terms (term, shown) VALUES (?, ?)', [term, shown])
        : Number(row.id);
    // Forgotten now and then, so that the words of a large vault are not all in memory.
    if (this.#termIds.size >= 50_000) this.#termIds.clear();
    this.#termIds.set(term, id);
    return id;
  }
}

const linkOf = (row: Row) => ({
  kind: row.kind === 'wiki' ? ('wiki' as const) : ('markdown' as const),
  target: String(row.target),
});

function noteOf(row: Row): IndexedNote {
  return {
    id: Number(row.id),
    path: String(row.path),
    title: String(row.title),
    uid: row.uid === null ? undefined : String(row.uid),
    hash: String(row.hash),
    isBlank: row.blank === 1,
  };
}
