import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fingerprint } from '../fingerprint.ts';

/** A computer: its name for people, and an id that stays when a network gives it another name. */
export interface Host {
  readonly name: string;
  readonly id: string;
}

const machineIdSources: Partial<Record<NodeJS.Platform, () => string | undefined>> = {
  linux: () => readFileSync('/etc/machine-id', 'utf8').trim(),
  darwin: () =>
    /"IOPlatformUUID" = "([^"]+)"/.exec(
      outputOf('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
    )?.[1],
  win32: () =>
    /MachineGuid\s+REG_SZ\s+(\S+)/.exec(
      outputOf('reg.exe', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid']),
    )?.[1],
};

function outputOf(file: string, arguments_: string[]): string {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  return execFileSync(file, arguments_, { encoding: 'utf8', timeout: 5_000, windowsHide: true });
}

/**
 * This computer. The id is a hash of the system's machine id, which machine-id(5) asks not to be exposed;
 * computers that have none (some containers) are told apart by their names.
 */
export function currentHost(): Host {
  known ??= { name: hostname(), id: fingerprint(`soloist:${machineId() ?? `name:${hostname()}`}`) };
  return known;
}

let known: Host | undefined;

function machineId(): string | undefined {
  try {
    return machineIdSources[process.platform]?.() || undefined;
  } catch {
    // No machine id is a state of the computer, not a fault: the name stands in for it.
    return undefined;
  }
}
