import type { UnfinishedRun } from '../../history/run.ts';
import type { ProcessDetails } from '../../process/details.ts';
import { processDetails } from '../../process/details.ts';
import { currentBootId } from '../../process/identity.ts';
import { runMark } from '../../run/mark.ts';
import { type Look, type SeenProcess, systemLook } from '../../run/processes.ts';
import { findTree, identityOf, type TreeKey } from '../../run/tree.ts';
import type { ReadHistory } from './look-history.ts';
import type { ConfigurationScene, OrphanScene } from './scene.ts';

/** The grace for what was left of a job that the configuration no longer has, in milliseconds. */
const DEFAULT_GRACE_MS = 10_000;

/**
 * What lives of the runs of a home (its real path) while no daemon holds it: by the processes that the history has, and by
 * the mark of the home, which also leads to what no history knows of.
 */
export async function lookForOrphans(
  home: string,
  { scene, moved }: ReadHistory,
  configuration: ConfigurationScene,
  look: Look = systemLook(),
): Promise<readonly OrphanScene[]> {
  if (process.platform === 'win32') return [];
  const seen = await look();
  const bootId = await currentBootId();
  const unfinished = scene.kind === 'read' ? scene.unfinished : [];
  const keys = unfinished.flatMap((run) => {
    const key = keyOf(home, run, moved(run));
    return key === undefined || key.leader.bootId !== bootId ? [] : [{ key, run: run.id, job: run.job }];
  });
  const known = new Set(keys.map(({ key }) => key.mark));
  const prefix = runMark(home, 'x').slice(0, -'x.'.length);
  for (const one of seen) {
    const mark = one.pid === process.pid ? undefined : one.mark('0');
    if (mark === undefined || !mark.startsWith(prefix) || known.has(mark)) continue;
    known.add(mark);
    const leader = identityOf(one, { pid: 0, processStarted: '', bootId });
    keys.push({ key: { mark, leader, known: [] }, run: mark.slice(prefix.length, -1), job: '' });
  }
  const orphans: OrphanScene[] = [];
  for (const { key, run, job } of keys) {
    const { members, guards } = findTree(key, seen, false);
    const living = members.length > 0 ? members : guards;
    if (living.length === 0) continue;
    const processes = await detailsOf(living);
    if (processes.length > 0) orphans.push({ run, key, processes, ...wished(job, configuration) });
  }
  return orphans;
}

function keyOf(home: string, run: UnfinishedRun, known: TreeKey['known']): TreeKey | undefined {
  if (run.state !== 'running') return undefined;
  const { child, shell } = run.execution.processes;
  const leader = child ?? shell;
  if (leader === undefined) return undefined;
  return { mark: runMark(home, run.id), leader, known: [...(shell === undefined ? [] : [shell]), ...known] };
}

async function detailsOf(seen: readonly SeenProcess[]): Promise<readonly ProcessDetails[]> {
  return processDetails(
    seen.map((one) => ({
      pid: one.pid,
      parent: one.parent,
      group: one.group,
      started: one.started,
      command: one.command(),
    })),
  );
}

/** What becomes of what is left of a job, as its configuration says now. */
function wished(
  name: string,
  configuration: ConfigurationScene,
): Pick<OrphanScene, 'job' | 'wish' | 'graceMs'> {
  const job = name === '' ? undefined : name;
  if (configuration.kind === 'missing') return { job, wish: 'end', graceMs: DEFAULT_GRACE_MS };
  if (configuration.kind !== 'usable') return { job, wish: 'unknown', graceMs: DEFAULT_GRACE_MS };
  const found = configuration.configuration.jobs.get(name);
  return { job, wish: found?.orphans ?? 'end', graceMs: found?.grace ?? DEFAULT_GRACE_MS };
}
