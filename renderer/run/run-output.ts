import { signal } from '@preact/signals';
import type { WindowOutput } from '../../main/control/window-calls.ts';
import { call } from '../state/calls.ts';
import { OutputLines } from './output-lines.ts';

type Answer = WindowOutput<'output'>;

/** As much as one answer may have. */
const PIECE = 256 * 1024;

/** What a run has printed, read from its beginning, and followed while it runs. */
export class RunOutput {
  readonly #run: string;
  #isClosed = false;
  #isReading = false;
  readonly lines = new OutputLines();
  /** Raised whenever there is more. */
  readonly version = signal(0);
  readonly state = signal<'loading' | 'following' | 'ended'>('loading');
  readonly size = signal(0);
  readonly cut = signal<Answer['cut']>(null);
  readonly error = signal<Error | undefined>(undefined);

  constructor(run: string) {
    this.#run = run;
    void this.read();
  }

  /** Reads on; to be called again after an error. */
  async read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    this.error.value = undefined;
    try {
      while (!this.#isClosed && this.state.value !== 'ended') {
        await whenSeen();
        await this.#readPiece();
      }
    } catch (error) {
      if (!this.#isClosed) this.error.value = error as Error;
    } finally {
      this.#isReading = false;
    }
  }

  /** Nothing is read any more. */
  close(): void {
    this.#isClosed = true;
  }

  #reached = 0;

  async #readPiece(): Promise<void> {
    const wait = this.state.value === 'following';
    const answer = await call('output', { run: this.#run, from: this.#reached, limit: PIECE, wait });
    if (this.#isClosed) return;
    for (const part of answer.parts) this.lines.append(part);
    const hasMore = answer.to > this.#reached;
    this.#reached = answer.to;
    this.size.value = answer.size;
    // Told once, with the piece that it lies in.
    if (answer.cut !== null) this.cut.value = answer.cut;
    if (answer.isEnded && !hasMore) this.state.value = 'ended';
    // What is there already is read at once; from then on answers come when there is more.
    else if (!answer.isEnded && !hasMore) this.state.value = 'following';
    if (hasMore || answer.isEnded) this.version.value++;
  }
}

/** Resolves while the window is seen: a hidden one follows nothing. */
async function whenSeen(): Promise<void> {
  if (!document.hidden) return;
  await new Promise<void>((resolve) =>
    document.addEventListener('visibilitychange', () => resolve(), { once: true }),
  );
}
