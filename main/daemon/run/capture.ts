import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type OutputSummary, RunOutput } from './output.ts';
import { followFile, settleFile } from './output-file.ts';
import type { Stream } from './output-index.ts';
import { type OutputPart, removeOutput } from './output-read.ts';
import type { OutputPipe, OutputPipes } from './pipes.ts';

/** Where a run's output goes, and how much of it is kept. */
export interface OutputPlan {
  /** The text; what else belongs to it lies beside it under longer names. Its folder exists, it does not. */
  readonly file: string;
  /** In bytes. */
  readonly limit: number;
  /**
   * Together: both streams share one pipe, and their text is in exactly the order in which it was written.
   * Apart: it is known which text came through which stream, and what was written to both at almost the same
   * time may change places.
   */
  readonly streams: 'together' | 'apart';
}

export interface CaptureEvents {
  arrived(part: { readonly offset: number; readonly stream: Stream; readonly bytes: Uint8Array }): void;
  /** All that could write has closed the output: often the moment before the run's process is gone. */
  closed(): void;
}

/** The way of a run's output from its descriptors to its file. */
export interface Capture {
  readonly descriptors: { readonly stdout: number; readonly stderr: number };
  /** Once the run holds the descriptors. */
  begin(): void;
  /** Once nothing of the run is left: takes in what is still on its way, and closes the file. */
  finish(): Promise<OutputSummary>;
  follow(): AsyncGenerator<OutputPart>;
  /** Instead of `finish`, for a run that never began: leaves no file behind. */
  discard(): Promise<void>;
}

/** What may be on its way to the disk before a run has to wait with its output, in bytes. */
const MOST_PENDING = 512 * 1024;

/** A pipe that somebody unknown holds open is given up after so long without a byte, in milliseconds. */
const QUIET_MS = 200;
/** And after so long in any case. */
const DRAIN_MS = 10_000;

/**
 * Captures through pipes: the daemon notes the time of what arrives and keeps to the limit. The end of the
 * run does not wait for the end of the pipe.
 */
export async function captureThroughPipes(
  plan: OutputPlan,
  pipes: OutputPipes,
  events: CaptureEvents,
): Promise<Capture> {
  const streams: readonly Stream[] = plan.streams === 'together' ? ['output'] : ['stdout', 'stderr'];
  const taken: { readonly stream: Stream; readonly pipe: OutputPipe }[] = [];
  try {
    for (const stream of streams) taken.push({ stream, pipe: await pipes.take() });
  } catch (error) {
    for (const { pipe } of taken) await pipe.close();
    throw error;
  }
  return new PipeCapture(plan, taken, events);
}

class PipeCapture implements Capture {
  readonly descriptors: Capture['descriptors'];
  readonly #output: RunOutput;
  readonly #pipes: readonly OutputPipe[];
  readonly #ended: Promise<unknown>;
  #pending = 0;

  constructor(
    plan: OutputPlan,
    taken: readonly { readonly stream: Stream; readonly pipe: OutputPipe }[],
    events: CaptureEvents,
  ) {
    this.#output = new RunOutput(plan);
    this.#pipes = taken.map(({ pipe }) => pipe);
    const writers = this.#pipes.map((pipe) => pipe.writer);
    const [stdout, stderr = stdout] = writers;
    if (stdout === undefined || stderr === undefined) throw new Error('an output needs a pipe');
    this.descriptors = { stdout, stderr };
    this.#ended = Promise.all(taken.map(({ stream, pipe }) => this.#pump(stream, pipe.reader, events))).then(
      () => events.closed(),
    );
  }

  /** Reads on while the disk is busy, up to a point, so that the end of the pipe is noticed when it comes. */
  #pump(stream: Stream, reader: Socket, events: CaptureEvents): Promise<void> {
    reader.on('data', (bytes: Buffer) => {
      const offset = this.#output.bytes;
      this.#pending += bytes.length;
      if (this.#pending > MOST_PENDING) reader.pause();
      void this.#output.write(stream, bytes).then(() => {
        this.#pending -= bytes.length;
        if (this.#pending <= MOST_PENDING / 2) for (const pipe of this.#pipes) pipe.reader.resume();
      });
      events.arrived({ offset, stream, bytes });
    });
    // Nothing more can be read after an error either; the end of the run does not depend on it.
    reader.on('error', () => {});
    return new Promise((resolve) => {
      reader.once('end', resolve);
      reader.once('error', resolve);
    });
  }

  begin(): void {
    for (const pipe of this.#pipes) pipe.closeWriter();
  }

  async finish(): Promise<OutputSummary> {
    this.begin();
    await this.#drain();
    for (const pipe of this.#pipes) await pipe.close();
    return this.#output.finish();
  }

  async #drain(): Promise<void> {
    const ended = this.#ended.then(() => true);
    const deadline = performance.now() + DRAIN_MS;
    let seen = -1;
    while (seen !== this.#output.bytes || this.#pending > 0) {
      seen = this.#output.bytes;
      if (performance.now() > deadline || (await settledWithin(ended, QUIET_MS))) return;
      // A daemon that was busy all that time has not looked into the pipe: it does so before the turn ends.
      await nextTurn();
    }
  }

  follow(): AsyncGenerator<OutputPart> {
    return this.#output.follow();
  }

  async discard(): Promise<void> {
    await this.finish();
    await removeOutput(this.#output.file);
  }
}

async function settledWithin(promise: Promise<boolean>, ms: number): Promise<boolean> {
  const controller = new AbortController();
  const tooLong = sleep(ms, false, { signal: controller.signal }).catch(() => false);
  try {
    return await Promise.race([promise, tooLong]);
  } finally {
    controller.abort();
  }
}

/**
 * Lets the run write its file itself, as one that outlives its daemon must: a pipe would end with the daemon,
 * and the run with its next line. So there are no times, both streams are one, and the limit is applied at
 * the end; and a job that opens /dev/stderr by name, rather than writing to its descriptor 2, begins the file
 * anew.
 */
export async function captureInFile(plan: OutputPlan): Promise<Capture> {
  return new FileCapture(plan, openSync(plan.file, 'ax', 0o600));
}

class FileCapture implements Capture {
  readonly descriptors: Capture['descriptors'];
  readonly #plan: OutputPlan;
  readonly #descriptor: number;
  #isOpen = true;
  #isFinished = false;

  constructor(plan: OutputPlan, descriptor: number) {
    this.#plan = plan;
    this.#descriptor = descriptor;
    this.descriptors = { stdout: descriptor, stderr: descriptor };
  }

  begin(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }

  async finish(): Promise<OutputSummary> {
    this.begin();
    this.#isFinished = true;
    return settleFile(this.#plan.file, this.#plan.limit);
  }

  follow(): AsyncGenerator<OutputPart> {
    return followFile(this.#plan.file, () => this.#isFinished);
  }

  async discard(): Promise<void> {
    this.begin();
    this.#isFinished = true;
    await removeOutput(this.#plan.file);
  }
}
