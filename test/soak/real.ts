import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appLog } from '../support/app-log.ts';
import { eventually } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { takeFocus } from './focus.ts';
import { growthVerdicts, type Quiet } from './growth-verdicts.ts';
import { historyVerdicts } from './history-verdicts.ts';
import { BY_HAND, guarded, pausedJobs, SWITCHED, secondsPace } from './jobs.ts';
import { leftVerdicts } from './leftovers.ts';
import { Person } from './person.ts';
import { descriptorKinds } from './processes.ts';
import { isQuiet, type Sample, sampleLine, takeSample } from './samples.ts';
import { Touching } from './touching.ts';
import { none, type Verdict } from './verdicts.ts';

const SAMPLE_MS = 10_000;
const MINUTE_MS = 60_000;
/** The popover is seen for so long; a minute after that it is destroyed, unless it is opened again. */
const SEEN_MS = 5_000;
/** For files to settle, and for what follows from them. */
const SETTLE_MS = 4_000;
/** Guards count at each third look, and give those that they end ten seconds. */
const GUARDED_MS = 4 * MINUTE_MS;
/** Longer than any run goes on after it was asked to end. */
const CALM_MS = 60_000;

/** Runs the packaged app with fifty jobs for so many minutes. */
export class Soak {
  readonly #minutes: number;
  readonly #person: Person;
  readonly #touching: Touching;
  readonly #samples: Sample[] = [];
  readonly #quiet: Quiet[] = [];
  readonly #troubles: string[] = [];
  readonly #guarded: { readonly child: ChildProcess; readonly since: number }[] = [];
  readonly #isLeaky: boolean;
  #asked = 0;
  #openings = 0;
  #pages = 0;
  #pid = 0;
  #begunMs = 0;

  constructor(program: string, minutes: number) {
    this.#isLeaky = leavesNullOpen(program);
    this.#minutes = minutes;
    this.#person = new Person(program, temporaryFolder(), secondsPace(Date.now() + 45_000));
    this.#touching = new Touching(this.#person);
  }

  async live(): Promise<readonly Verdict[]> {
    const person = this.#person;
    this.#startGuarded();
    const { pid, ended } = person.start();
    this.#pid = pid;
    const isShown = () => appLog(person.home).some(({ msg }) => msg === 'the tray is shown');
    await eventually('its tray is shown', isShown, MINUTE_MS);
    for (const job of pausedJobs) await this.#ask('pause', job);
    this.#begunMs = Date.now();
    // Watching has begun by now.
    await sleep(SETTLE_MS);
    this.#touching.start();
    await this.#sampleAndUse();
    this.#touching.stop();
    const stoppedAt = Date.now();
    person.signal('SIGTERM');
    const exitCode = await Promise.race([ended, sleep(MINUTE_MS, 'nothing within a minute')]);
    const quitMs = Date.now() - stoppedAt;
    const [, ...extra] = this.#guarded.filter(({ since }) => stoppedAt - since > GUARDED_MS);
    const left = extra.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    this.end();
    return [
      ...growthVerdicts(this.#samples, this.#quiet, this.#minutes),
      ...(await historyVerdicts(person, this.#touching, { after: this.#begunMs, until: stoppedAt })),
      none('what was asked by the command line was answered', this.#troubles, this.#asked),
      {
        promise: 'the popover was made anew after it was destroyed',
        found: `${this.#pages} pages in ${this.#openings} openings`,
        holds: this.#minutes < 5 || (this.#pages > 1 && this.#pages < this.#openings),
      },
      none(
        'extra copies were ended by their guard',
        left.map(({ child }) => `PID ${child.pid}`),
        extra.length,
      ),
      {
        promise: 'it ends when asked to',
        found: `exit code ${exitCode} after ${quitMs} ms`,
        holds: exitCode === 0,
      },
      ...(await leftVerdicts(person)),
    ];
  }

  /** Kills whatever of it runs, whatever state it is in. */
  end(): void {
    this.#touching.stop();
    for (const { child } of this.#guarded) child.kill('SIGKILL');
    if (this.#person.isRunning) this.#person.signal('SIGKILL');
  }

  get #passedMs(): number {
    return Date.now() - this.#begunMs;
  }

  /** Samples every ten seconds, uses the app every minute, and lets it come to rest three times. */
  async #sampleAndUse(): Promise<void> {
    const wholeMs = this.#minutes * MINUTE_MS;
    const quietAtMs = [wholeMs / 3, (2 * wholeMs) / 3];
    let using: Promise<void> | undefined;
    for (let minute = 0; this.#passedMs < wholeMs; ) {
      if (this.#passedMs >= minute * MINUTE_MS) {
        using = this.#use(minute);
        minute += 1;
      }
      await sleep(SAMPLE_MS - (this.#passedMs % SAMPLE_MS));
      this.#sample();
      if (this.#passedMs >= (quietAtMs[0] ?? Number.POSITIVE_INFINITY)) {
        quietAtMs.shift();
        await using;
        await this.#comeToRest();
      }
    }
    await using;
    await this.#comeToRest();
  }

  #sample(): void {
    const sample = takeSample(this.#pid, this.#person.home, this.#passedMs / MINUTE_MS);
    const before = this.#samples.at(-1);
    const minute = Math.floor(sample.minutes);
    if (sample.pages.processes > (before?.pages.processes ?? 0)) this.#pages += 1;
    if (before === undefined || Math.floor(before.minutes) !== minute)
      console.log(`minute ${String(minute).padStart(2)}: ${sampleLine(sample)}`);
    this.#samples.push(sample);
  }

  /** What a person does in a minute. In each third one the popover stays closed for long enough to be destroyed. */
  async #use(minute: number): Promise<void> {
    if (minute % 3 !== 2) await this.#openPopover();
    if (minute > 0) this.#startGuarded();
    await this.#ask('status');
    await this.#ask('jobs');
    const runs = await this.#ask('runs', '--limit', '50');
    const [run] = (runs as { data?: { runs?: { id: string }[] } } | undefined)?.data?.runs ?? [];
    if (run !== undefined) await this.#ask('show', run.id);
    await this.#ask('run', BY_HAND, '--wait', '--', `minute ${minute}`);
    await this.#ask('next', '--for', '5m');
    await this.#ask('alerts');
    await this.#ask('guard');
    await this.#ask('health');
    await this.#ask(minute % 2 === 0 ? 'pause' : 'resume', SWITCHED);
  }

  async #openPopover(): Promise<void> {
    this.#openings += 1;
    const shown = await this.#person.show();
    if (shown.exitCode !== 0) this.#troubles.push(`a second launch: ${shown.exitCode} ${shown.stderr}`);
    await sleep(SEEN_MS);
    await takeFocus().catch((error) => this.#troubles.push(`the popover keeps the keyboard: ${error}`));
  }

  /** Asks something as JSON, and remembers when that goes wrong. */
  async #ask(...words: readonly string[]): Promise<unknown> {
    this.#asked += 1;
    const [command, ...rest] = words;
    const { exitCode, stdout, stderr } = await this.#person.command(command ?? '', '--json', ...rest);
    const trouble = (what: string): void => {
      this.#troubles.push(
        `${words.join(' ')}: ${what}, exit code ${exitCode} ${stdout}${stderr}`.slice(0, 300),
      );
    };
    // Of health it says how that is: jobs fail here.
    if (exitCode !== 0 && command !== 'health') trouble('failed');
    try {
      const answer = JSON.parse(stdout);
      if (answer.ok !== true) trouble('was refused');
      return answer;
    } catch {
      trouble('no JSON');
      return undefined;
    }
  }

  /** A copy more of what a guard allows once. */
  #startGuarded(): void {
    const child = spawn(guarded(this.#person), ['100000'], { stdio: 'ignore', env: {} });
    this.#guarded.push({ child, since: Date.now() });
  }

  /** Holds all jobs until nothing runs, and looks at what the app takes then: what grew then is held for nothing. */
  async #comeToRest(): Promise<void> {
    this.#touching.stop();
    // Once hidden, its page is there for a minute: it is so at each rest.
    await this.#openPopover();
    await sleep(SETTLE_MS);
    await this.#ask('pause', '--all');
    const troubles = this.#troubles.length;
    await eventually('nothing runs once all is paused', () => isQuiet(this.#pid), CALM_MS).catch((error) => {
      this.#troubles.push(String(error));
    });
    if (this.#troubles.length > troubles) console.log('not all came to rest');
    const looks: Sample[] = [];
    for (let look = 0; look < 10; look++) {
      await sleep(1_000);
      looks.push(takeSample(this.#pid, this.#person.home, this.#passedMs / MINUTE_MS));
    }
    const least = (of: (sample: Sample) => number): number => Math.min(...looks.map(of));
    const quiet = {
      minutes: this.#passedMs / MINUTE_MS,
      knownLeak: this.#isLeaky ? this.#touching.pictures : 0,
      threads: least(({ main }) => main.threads),
      others: least(({ others, zombies }) => others + zombies),
      standing: least(({ standing }) => standing.processes),
      own: least(({ main }) => main.own),
      kinds: descriptorKinds(this.#pid),
    };
    this.#quiet.push(quiet);
    console.log(
      `at rest:  ${least(({ main }) => main.descriptors)} descriptors, ${quiet.threads} threads, ${quiet.others} processes of runs, private ${quiet.own.toFixed(1)} MB`,
    );
    if (this.#passedMs >= this.#minutes * MINUTE_MS) return;
    await this.#ask('resume', '--all');
    for (const job of pausedJobs) await this.#ask('pause', job);
    this.#touching.start();
  }
}

/**
 * Electron left /dev/null open once for each utility process, in which an action runs, until that was mended for 35 and
 * later in June 2025 (github.com/electron/electron/issues/47515). A package has a file with its Electron's version.
 */
function leavesNullOpen(program: string): boolean {
  const file = join(dirname(program), 'version');
  const version = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return Number(/^v?(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY) < 35;
}
