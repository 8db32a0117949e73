import { isOwner, type Owner } from '../daemon/lock/owner.ts';
import type { DaemonStatus } from '../daemon/status.ts';
import { contractVersion } from '../version.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * What a daemon answers to `status`, of whatever version it is: of one with this contract as it came, of another one what can be
 * told of every version. `recorded` is the owner as the home's record has it, where the answer has none that is known here.
 */
export function statusOf(answer: unknown, home: string, recorded: Owner | undefined): DaemonStatus {
  const { contract, version, owner, daemon, configuration, ...told } = fieldsOf(answer);
  if (contract === contractVersion) return answer as DaemonStatus;
  const known = isOwner(owner) ? owner : (recorded ?? null);
  const since = textOf(fieldsOf(daemon).since) ?? known?.startedAt ?? new Date(0).toISOString();
  const path = textOf(fieldsOf(configuration).path);
  return {
    daemon: { state: 'running', since, pid: known?.pid ?? 0 },
    home: textOf(told.home) ?? home,
    version: textOf(version) ?? known?.version ?? 'unknown',
    contract: typeof contract === 'number' ? contract : 0,
    owner: known,
    configuration: { path: path ?? '', problem: null, kept: null },
    health: null,
  };
}
