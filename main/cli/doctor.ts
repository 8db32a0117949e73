import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { socketPath } from '../control/address.ts';
import { findDaemon } from '../control/find-daemon.ts';
import { clearLeftovers, stopDaemon } from '../control/stop-daemon.ts';
import { errorDetails, SoloistError } from '../daemon/errors.ts';
import { type Diagnosis, endedBy, type Fix, fixInWords } from '../daemon/health/doctor/diagnosis.ts';
import { diagnose } from '../daemon/health/doctor/examinations.ts';
import { lookAround } from '../daemon/health/doctor/look.ts';
import { type Hands, inOrder, repair } from '../daemon/health/doctor/repair.ts';
import type { Answer, Scene } from '../daemon/health/doctor/scene.ts';
import { type Verdict, worst } from '../daemon/health/report.ts';
import { findStrays } from '../daemon/health/strays/strays.ts';
import { askLoginShell } from '../daemon/jobs/run-environment.ts';
import { loginItemScene } from '../shell/login-item/found-entry.ts';
import { version } from '../version.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { doctorText } from './doctor-text.ts';

export interface DoctorOptions {
  /** Do what is safe. */
  readonly fix: boolean;
  /** Whether a process may be ended, asked before each fix that does; see `endedBy`. */
  readonly mayEnd: (fix: Fix) => Promise<boolean>;
  /** Told each thing that was done, as it is done. */
  readonly tell: (line: string) => void;
  /** Where a report is to be written, or undefined. */
  readonly report: string | undefined;
}

/** What a fix came to. */
export interface Repaired {
  readonly fix: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** What was done, or why it was not: a sentence. */
  readonly sentence: string;
}

/** The machine-readable form of `soloist doctor --json`, under `data`. */
export interface DoctorData {
  readonly home: string;
  readonly verdict: Verdict;
  readonly findings: readonly (Omit<Diagnosis, 'fix'> & { readonly fix: string | null })[];
  readonly repaired: readonly Repaired[];
  readonly report: string | null;
}

/** A fix may bring to light what it had hidden; more rounds than this would be no progress any more. */
const ROUNDS = 3;

/** `soloist doctor`: explains the whole state of a home, and mends what is safe if that is wanted. */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<CommandResult> {
  const look = (): Promise<Scene> => lookAround(lookOptions(context));
  let scene = await look();
  const repaired: Repaired[] = [];
  const tried = new Set<string>();
  for (let round = 0; options.fix && round < ROUNDS; round++) {
    const wanted = inOrder(diagnose(scene).flatMap(({ fix }) => fix ?? [])).filter(
      (fix) => !tried.has(JSON.stringify(fix)),
    );
    if (wanted.length === 0) break;
    for (const fix of wanted) {
      tried.add(JSON.stringify(fix));
      const done = await tryToRepair(context, fix, options);
      options.tell(done.sentence);
      repaired.push(done);
    }
    scene = await look();
  }
  const findings = diagnose(scene);
  const report = await writeReportTo(options.report, scene, findings);
  const verdict = worst(findings.map((finding) => finding.verdict));
  const data: DoctorData = {
    home: context.home,
    verdict,
    findings: findings.map((finding) => ({
      ...finding,
      fix: finding.fix === null ? null : fixInWords(finding.fix),
    })),
    repaired,
    report,
  };
  const exitCode = verdict === 'error' ? 1 : 0;
  return { exitCode, data, text: doctorText(data, options.fix, context.color) };
}

async function writeReportTo(
  path: string | undefined,
  scene: Scene,
  findings: readonly Diagnosis[],
): Promise<string | null> {
  if (path === undefined) return null;
  const { writeReport } = await import('./doctor-report.ts');
  return writeReport(path, scene, findings);
}

function lookOptions({ home, configuration }: CommandContext): Parameters<typeof lookAround>[0] {
  return {
    home,
    configuration,
    version,
    socketPath,
    ask: askDaemon,
    findStrays: (home, self) => findStrays({ home, self }),
    loginItem: () => loginItemScene(process.env, homedir()),
    readLogin: askLoginShell,
  };
}

async function askDaemon(home: string): Promise<Answer> {
  try {
    const found = await findDaemon(home);
    if (found.kind !== 'answering') return { kind: found.kind };
    const { owner, status } = found;
    return {
      kind: 'answering',
      owner,
      version: status.version,
      state: status.daemon.state,
      problem: status.configuration.problem,
    };
  } catch (error) {
    // Whatever answers there, it is no daemon that this version understands.
    return { kind: 'stranger', reason: errorDetails(error).message.replace(/\.$/, '') };
  }
}

const BY = 'soloist doctor';
/** As `soloist down` waits. */
const STOP_MS = 10_000;

const hands: Hands = {
  async stopDaemon(home) {
    await stopDaemon(home, { timeout: STOP_MS, by: BY });
  },
  clearCrash: (home) => clearLeftovers(home, BY),
};

async function tryToRepair({ home }: CommandContext, fix: Fix, { mayEnd }: DoctorOptions): Promise<Repaired> {
  const words = fixInWords(fix);
  if (endedBy(fix) !== undefined && !(await mayEnd(fix)))
    return { fix: words, outcome: 'refused', sentence: `Not done, as it was not confirmed: ${words}` };
  try {
    return {
      fix: words,
      outcome: 'done',
      sentence: await repair(realpathSync(home), fix, hands, new Date()),
    };
  } catch (error) {
    if (!(error instanceof SoloistError)) throw error;
    const { message, hint } = errorDetails(error);
    return { fix: words, outcome: 'failed', sentence: [message, hint].filter(Boolean).join(' ') };
  }
}
