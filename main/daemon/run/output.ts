import type { CutPiece, Stream } from './output-index.ts';
import { type OutputPart, readOutput, removeSegment, tailPath } from './output-read.ts';
import { type OpenOutputFile, openOutputFile, SegmentWriter } from './output-segment.ts';

/**
 * How much of a run's output is kept, in bytes, unless its job says otherwise: of more, the beginning and the
 * end.
 */
export const DEFAULT_OUTPUT_LIMIT = 10_000_000;

/** What became of a run's output. */
export interface OutputSummary {
  /** What the run wrote, in bytes. */
  readonly bytes: number;
  /** What of it was not kept, in order. */
  readonly cuts: readonly CutPiece[];
  /** What the system said when something could not be written, first of all. */
  readonly problem: string | undefined;
}

export interface OutputOptions {
  /**
   * Where the text goes; its index and the last part of a long output lie beside it. What was there is
   * replaced.
   */
  readonly file: string;
  readonly limit: number;
  readonly now?: () => number;
  readonly open?: OpenOutputFile;
}

/** After a disk that is full, before the next try, in milliseconds. */
const RETRY_MS = 1_000;

/** What a follower that does not keep up may have waiting, in bytes, before the rest is cut. */
const FOLLOWER_LIMIT = 4_000_000;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A chunk, and when it came. */
type Arrived = Extract<OutputPart, { kind: 'text' }> & { readonly at: number };

type Listener = (part: OutputPart | undefined) => void;

/**
 * Keeps what a run writes: the text as it came, in one file, and beside it an index of times and streams.
 * After half of the limit, the text goes on in files of a quarter of the limit, of which the last two are
 * kept. So nothing is cut up to the limit, and a run that writes without end costs a bounded piece of disk
 * and no memory. Files appear with the first byte.
 *
 * A disk that is full, or any other error of the system, cuts the output and never the run.
 */
export class RunOutput {
  readonly file: string;
  readonly #headCapacity: number;
  readonly #tailCapacity: number;
  readonly #now: () => number;
  readonly #open: OpenOutputFile;
  readonly #listeners = new Set<Listener>();
  #head: SegmentWriter | undefined;
  /** At most two, the older first. */
  #tails: SegmentWriter[] = [];
  #turn: Promise<void> = Promise.resolve();
  #arrived = 0;
  #settled = 0;
  #lost: CutPiece[] = [];
  #unrecordedLoss: CutPiece | undefined;
  #retryAt = Number.NEGATIVE_INFINITY;
  #firstTail: number | undefined;
  #problem: string | undefined;
  #summary: Promise<OutputSummary> | undefined;

  constructor({ file, limit, now = Date.now, open = openOutputFile }: OutputOptions) {
    this.file = file;
    this.#headCapacity = Math.max(1, Math.ceil(limit / 2));
    this.#tailCapacity = Math.max(1, Math.floor(limit / 4));
    this.#now = now;
    this.#open = open;
  }

  /** What the run has written so far, in bytes. */
  get bytes(): number {
    return this.#arrived;
  }

  /** Keeps a chunk. Settles when it is written, or cut; never rejects for an error of the system. */
  write(stream: Stream, chunk: Uint8Array): Promise<void> {
    const part: Arrived = { kind: 'text', offset: this.#arrived, at: this.#now(), stream, bytes: chunk };
    this.#arrived += chunk.length;
    this.#turn = this.#turn.then(async () => {
      await this.#store(part);
      this.#settled = part.offset + chunk.length;
      for (const listener of this.#listeners) listener(part);
    });
    return this.#turn;
  }

  async #store(part: Arrived): Promise<void> {
    for (let done = 0; done < part.bytes.length; ) {
      const offset = part.offset + done;
      const rest = part.bytes.subarray(done);
      if (this.#now() < this.#retryAt) return this.#lose(offset, rest.length);
      let segment: SegmentWriter;
      try {
        segment = await this.#segmentWithRoom(offset);
      } catch (error) {
        return this.#fail(error, offset, rest.length);
      }
      this.#recordLoss(segment);
      const fitting = rest.subarray(0, segment.room);
      const { written, error } = await segment.append(fitting, offset, part.at, part.stream);
      done += written;
      if (error !== undefined) return this.#fail(error, offset + written, rest.length - written);
    }
  }

  async #segmentWithRoom(offset: number): Promise<SegmentWriter> {
    this.#head ??= await SegmentWriter.create(this.file, 0, this.#headCapacity, this.#open);
    const current = this.#tails.at(-1) ?? this.#head;
    if (current.room > 0) return current;
    const next = await SegmentWriter.create(
      tailPath(this.file, offset),
      offset,
      this.#tailCapacity,
      this.#open,
    );
    this.#head.note({ tail: offset });
    // Readers find it by this, those after a crash too. If it fails, it is tried again with the next.
    const head = this.#head;
    await this.#notingProblems(() => head.flush());
    this.#firstTail ??= offset;
    this.#tails.push(next);
    if (this.#tails.length > 2) await this.#dropOldestTail();
    return next;
  }

  async #dropOldestTail(): Promise<void> {
    const [oldest] = this.#tails.splice(0, 1);
    if (oldest === undefined) return;
    await this.#notingProblems(() => oldest.close());
    await this.#notingProblems(() => removeSegment(oldest.file));
  }

  #fail(error: unknown, offset: number, length: number): void {
    this.#problem ??= messageOf(error);
    this.#retryAt = this.#now() + RETRY_MS;
    this.#lose(offset, length);
  }

  #lose(offset: number, length: number): void {
    const last = this.#unrecordedLoss;
    const from = last?.offset ?? offset;
    this.#unrecordedLoss = { kind: 'cut', offset: from, length: offset + length - from, reason: 'disk' };
  }

  #recordLoss(segment: SegmentWriter | undefined): void {
    const loss = this.#unrecordedLoss;
    if (loss === undefined) return;
    segment?.note({ offset: loss.offset, cut: loss.reason, bytes: loss.length });
    this.#lost.push(loss);
    this.#unrecordedLoss = undefined;
  }

  /** Closes the files, once all that was written is settled. The same summary for every call. */
  finish(): Promise<OutputSummary> {
    this.#summary ??= this.#turn.then(() => this.#finish());
    return this.#summary;
  }

  async #finish(): Promise<OutputSummary> {
    this.#recordLoss(this.#tails.at(-1) ?? this.#head);
    for (const segment of [this.#head, ...this.#tails]) {
      await this.#notingProblems(async () => segment?.flush());
      await this.#notingProblems(async () => segment?.close());
    }
    for (const listener of this.#listeners) listener(undefined);
    const [oldestTail] = this.#tails;
    return { bytes: this.#arrived, cuts: this.#cuts(oldestTail?.offset), problem: this.#problem };
  }

  async #notingProblems(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#problem ??= messageOf(error);
    }
  }

  #cuts(oldestTail: number | undefined): CutPiece[] {
    const start = this.#firstTail;
    if (start === undefined || oldestTail === undefined || oldestTail === start) return this.#lost;
    const outside = this.#lost.filter((loss) => loss.offset < start || loss.offset >= oldestTail);
    const hole = { kind: 'cut', offset: start, length: oldestTail - start, reason: 'limit' } as const;
    return [...outside, hole].sort((one, other) => one.offset - other.offset);
  }

  /**
   * The output from its beginning on, and then as it comes, until it is finished or the caller stops asking.
   * A caller that does not keep up reads from the disk, and misses what was cut there meanwhile.
   */
  async *follow(): AsyncGenerator<OutputPart> {
    let reached = 0;
    let isBehind = true;
    let isFinished = this.#summary !== undefined;
    let waiting: OutputPart[] = [];
    let waitingBytes = 0;
    let wake = (): void => {};
    const listener: Listener = (part) => {
      if (part === undefined) isFinished = true;
      else if (!isBehind) {
        waiting.push(part);
        waitingBytes += part.kind === 'text' ? part.bytes.length : 0;
        isBehind = waitingBytes > FOLLOWER_LIMIT;
      }
      wake();
    };
    this.#listeners.add(listener);
    try {
      for (;;) {
        if (isBehind) {
          waiting = [];
          waitingBytes = 0;
          const settled = this.#settled;
          for await (const part of readOutput(this.file, { from: reached, to: settled })) yield part;
          reached = settled;
          isBehind = this.#settled > settled;
          continue;
        }
        const part = waiting.shift();
        if (part !== undefined) {
          if (part.kind === 'text') {
            waitingBytes -= part.bytes.length;
            reached = part.offset + part.bytes.length;
          }
          yield part;
        } else if (isFinished) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
