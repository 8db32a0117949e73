import { writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { SoloistError, systemErrorCode } from '../daemon/errors.ts';
import type { Diagnosis } from '../daemon/health/doctor/diagnosis.ts';
import type { Person } from '../daemon/health/doctor/mask.ts';
import { reportText } from '../daemon/health/doctor/report-text.ts';
import type { Scene } from '../daemon/health/doctor/scene.ts';
import { reasonOf } from '../daemon/home.ts';
import { currentHost } from '../daemon/lock/host.ts';
import { ownProcesses, type ProcessDetails, processDetails } from '../daemon/process/details.ts';

/**
 * Writes the report, for this user only, and returns its path (absolute). Throws a `SoloistError` if something stands
 * there already, or it cannot be written.
 */
export async function writeReport(
  file: string,
  scene: Scene,
  findings: readonly Diagnosis[],
): Promise<string> {
  const path = resolve(file);
  const text = reportText(scene, findings, await soloistProcesses(scene), thisPerson());
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  } catch (error) {
    const isThere = systemErrorCode(error) === 'EEXIST';
    throw new SoloistError(
      {
        code: 'report-not-written',
        message: `The report ${path} cannot be written: ${isThere ? 'there is something already' : reasonOf(error)}.`,
        hint: 'Name another file: soloist doctor --report FILE',
      },
      { cause: error },
    );
  }
}

/** This user's processes that name Soloist or the home, and those that the findings are about. */
async function soloistProcesses({ path, inside, strays }: Scene): Promise<readonly ProcessDetails[]> {
  const named = new Set([
    ...strays.map(({ pid }) => pid),
    ...(inside?.orphans ?? []).flatMap(({ processes }) => processes.map(({ pid }) => pid)),
    ...(inside?.record.isAlive ? [inside.record.owner?.pid] : []),
  ]);
  const isWanted = ({ pid, command }: { readonly pid: number; readonly command: string }): boolean =>
    named.has(pid) || /soloist/i.test(command) || command.includes(path);
  return processDetails((await ownProcesses()).filter(isWanted));
}

function thisPerson(): Person {
  let userName = '';
  try {
    userName = userInfo().username;
  } catch {
    // A user without an entry in the system's list has no name to be masked.
  }
  return { userFolder: homedir(), userName, hostName: currentHost().name };
}
