import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

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
  known ??= { name: hostname(), id: hostId(machineId() ?? `name:${hostname()}`) };
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

/** FNV-1a, 64 bits (RFC 9923): enough to tell computers apart, without the 1 MB that node:crypto keeps in memory. */
function hostId(source: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(`soloist:${source}`))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
