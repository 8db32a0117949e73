import type { LinksSettings } from '../action.ts';
import type { NoteIndex } from './note-index.ts';
import type { Alike, Comparison, WordComparison } from './similarity.ts';

/** So many notes are sent at once. */
const AT_ONCE = 16;
/** So much of a note is sent, in characters: models read a few hundred to a few thousand words, and cut the rest. */
const MOST_TEXT = 6_000;
/** The most that an answer may take, in milliseconds: the first has the model loaded. */
const ANSWER_MS = 60_000;
/** So many pairs of notes tell how alike any two notes are. */
const SAMPLE = 2_000;

/** Ollama gave no embeddings, and why. */
export class NoEmbeddings extends Error {}

export interface TextToEmbed {
  readonly id: number;
  readonly hash: string;
  text(): string;
}

type Embeddings = NonNullable<LinksSettings['embeddings']>;

/**
 * Asks Ollama for the embeddings of these notes that the index does not have yet, and keeps them in it. Throws `NoEmbeddings`
 * if it does not answer, answers late, or answers something else.
 */
export async function embed(
  { url, model }: Embeddings,
  index: NoteIndex,
  notes: readonly TextToEmbed[],
  signal: AbortSignal,
  answerMs = ANSWER_MS,
): Promise<void> {
  const missing = notes.filter(({ id, hash }) => !isKnown(index, id, model, hash));
  for (let start = 0; start < missing.length; start += AT_ONCE) {
    const some = missing.slice(start, start + AT_ONCE);
    const texts = some.map((note) => note.text().slice(0, MOST_TEXT) || ' ');
    const vectors = await ask(url, model, texts, signal, answerMs);
    for (const [place, { id, hash }] of some.entries()) keep(index, id, model, hash, vectors[place] ?? []);
  }
  const lengths = index.database.all(
    'SELECT DISTINCT length(vector) AS bytes FROM embeddings WHERE model = ?',
    [model],
  );
  if (lengths.length > 1) throw new NoEmbeddings(`the model ${model} gives embeddings of different lengths`);
}

async function ask(
  url: string,
  model: string,
  input: readonly string[],
  signal: AbortSignal,
  answerMs: number,
) {
  const late = AbortSignal.timeout(answerMs);
  let response: Response;
  let body: string;
  try {
    response = await fetch(new URL('/api/embed', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, input }),
      signal: AbortSignal.any([signal, late]),
    });
    body = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw new NoEmbeddings(`it did not answer within ${Math.round(answerMs / 1_000)} s`);
    throw new NoEmbeddings(reasonOf(error));
  }
  if (!response.ok) throw new NoEmbeddings(`it answers ${response.status}: ${said(body)}`);
  return vectorsOf(body, input.length);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && cause.message === '' ? String(cause.code) : cause.message;
}

/** What an error of Ollama says. */
function said(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'error' in parsed)
      return String(parsed.error).slice(0, 200);
  } catch {
    // Not from Ollama: told as it is.
  }
  return body.slice(0, 200).trim();
}

function vectorsOf(body: string, count: number): readonly (readonly number[])[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new NoEmbeddings('its answer is no JSON');
  }
  const found =
    typeof parsed === 'object' && parsed !== null && 'embeddings' in parsed ? parsed.embeddings : undefined;
  const isVector = (value: unknown): value is number[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === 'number' && Number.isFinite(each));
  if (Array.isArray(found) && found.length === count && found.every(isVector)) return found;
  throw new NoEmbeddings('its answer has not one embedding for each note');
}

function isKnown(index: NoteIndex, id: number, model: string, hash: string): boolean {
  const sql = 'SELECT 1 FROM embeddings WHERE note = ? AND model = ? AND hash = ?';
  return index.database.get(sql, [id, model, hash]) !== undefined;
}

function keep(index: NoteIndex, id: number, model: string, hash: string, vector: readonly number[]): void {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  const floats = Float32Array.from(vector, (value) => value / norm);
  const sql = 'INSERT OR REPLACE INTO embeddings (note, model, hash, vector) VALUES (?, ?, ?, ?)';
  index.database.run(sql, [id, model, hash, new Uint8Array(floats.buffer)]);
}

/**
 * How alike notes are by their embeddings: the cosine, of which what any two notes of the vault have on average is 0; names
 * and tags raise it as they do with words. All embeddings are in memory: 3 KB for each note.
 */
export class EmbeddingComparison implements Comparison {
  readonly #words: WordComparison;
  readonly #vectors = new Map<number, Float32Array>();
  readonly #usual: number;

  constructor(index: NoteIndex, model: string, words: WordComparison) {
    this.#words = words;
    for (const { note, vector } of index.database.all('SELECT note, vector FROM embeddings WHERE model = ?', [
      model,
    ]))
      if (vector instanceof Uint8Array)
        this.#vectors.set(Number(note), new Float32Array(vector.slice().buffer));
    this.#usual = this.#average();
  }

  alike(id: number, limit: number): readonly Alike[] {
    const own = this.#vectors.get(id);
    if (own === undefined) return [];
    const raise = this.#words.raise(id);
    const rough: Alike[] = [];
    for (const [note, vector] of this.#vectors) {
      if (note === id) continue;
      const score = (dot(own, vector) - this.#usual) / (1 - this.#usual);
      if (score > 0) rough.push({ id: note, score: Math.min(1, score) });
    }
    return rough
      .sort((one, other) => other.score - one.score)
      .slice(0, 2 * limit)
      .map(({ id: note, score }) => ({ id: note, score: raise(note, score) }))
      .sort((one, other) => other.score - one.score || one.id - other.id)
      .slice(0, limit);
  }

  /** How alike two notes are that have nothing to do with each other: always the same pairs, spread over all. */
  #average(): number {
    const all = [...this.#vectors.values()];
    let sum = 0;
    let pairs = 0;
    for (let step = 1; step < all.length && pairs < SAMPLE; step += 1 + Math.floor(all.length / 20))
      for (let place = 0; place + step < all.length && pairs < SAMPLE; place++, pairs++)
        sum += dot(all[place], all[place + step]);
    return pairs === 0 ? 0 : Math.min(0.95, Math.max(0, sum / pairs));
  }
}

function dot(one: Float32Array | undefined, other: Float32Array | undefined): number {
  let sum = 0;
  if (one === undefined || other === undefined) return sum;
  for (let place = 0; place < one.length; place++) sum += (one[place] ?? 0) * (other[place] ?? 0);
  return sum;
}
