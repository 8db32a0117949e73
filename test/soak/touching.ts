import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tinyPicture } from '../support/pictures.ts';
import { type Place, picturesFolder, watchedFolder } from './jobs.ts';

/** How long files stay before they are removed, in milliseconds: they were reported long before. */
const KEPT_MS = 60_000;

/** Adds and changes the files that the jobs of a soak watch, all the time, and remembers which and when. */
export class Touching {
  readonly #place: Place;
  /** When each file was touched last (epoch milliseconds), by its path, by the job that watches it. */
  readonly touched = new Map<string, Map<string, number>>();
  /** Files that no job wants. */
  readonly ignored: string[] = [];
  #timers: NodeJS.Timeout[] = [];
  #count = 0;
  pictures = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  start(): void {
    if (this.#timers.length > 0) return;
    this.#timers = [
      setInterval(() => this.#new(), 700),
      setInterval(() => this.#changed(), 500),
      setInterval(() => this.#deep(), 1_500),
      setInterval(() => this.#picture(), 15_000),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Mostly one file; now and then a burst. */
  #new(): void {
    const files = this.#next() % 40 === 0 ? 25 : 1;
    for (let number = 0; number < files; number++) {
      const file = join(watchedFolder(this.#place, 'new'), `${this.#count}-${number}.txt`);
      writeFileSync(file, 'new\n');
      this.#note('watches-new', file);
      const other = file.replace('.txt', '.md');
      writeFileSync(other, 'not wanted\n');
      this.ignored.push(other);
      setTimeout(() => [file, other].map((one) => rmSync(one, { force: true })), KEPT_MS).unref();
    }
  }

  #changed(): void {
    const file = join(watchedFolder(this.#place, 'changed'), `note-${this.#next() % 12}`);
    appendFileSync(file, 'changed\n');
    this.#note('watches-changed', file);
  }

  #deep(): void {
    const folder = watchedFolder(this.#place, 'deep');
    const number = this.#next();
    const file = join(folder, `${number}/below/file`);
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.tmp`;
    writeFileSync(unfinished, 'deep\n');
    this.ignored.push(unfinished);
    renameSync(unfinished, file);
    this.#note('watches-deep', file);
    setTimeout(() => rmSync(join(folder, String(number)), { recursive: true, force: true }), KEPT_MS).unref();
  }

  #picture(): void {
    const number = ++this.pictures;
    const two = (of: number): string => String(of % 60).padStart(2, '0');
    const name = `Screenshot_20261103_10${two(Math.floor(number / 60))}${two(number)}.png`;
    const file = join(picturesFolder(this.#place), name);
    writeFileSync(file, tinyPicture(number));
    this.#note('screenshots', file);
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #note(job: string, file: string): void {
    const files = this.touched.get(job) ?? new Map<string, number>();
    files.set(file, Date.now());
    this.touched.set(job, files);
  }
}
