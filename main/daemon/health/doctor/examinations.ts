import type { Diagnosis, Judged } from './diagnosis.ts';
import {
  examineConfiguration,
  examineEnvironment,
  examineLog,
  examineLoginItem,
} from './examine-configuration.ts';
import {
  examineDaemon,
  examineOrphans,
  examineSocket,
  examineStrays,
  examineVersions,
} from './examine-daemon.ts';
import { examineHistory } from './examine-history.ts';
import { examineClock, examineHome, examinePermissions, examineSpace } from './examine-home.ts';
import { examineHostLock, examineLock, examinePid, examineRecord, examineStaged } from './examine-lock.ts';
import type { Scene } from './scene.ts';

interface Examination {
  readonly name: string;
  readonly judge: (scene: Scene) => readonly Judged[];
}

/** All that the doctor looks at, in the order in which it is told. */
export const examinations: readonly Examination[] = [
  { name: 'daemon', judge: examineDaemon },
  { name: 'home', judge: examineHome },
  { name: 'lock', judge: examineLock },
  { name: 'record', judge: examineRecord },
  { name: 'pid file', judge: examinePid },
  { name: 'host lock', judge: examineHostLock },
  { name: 'socket', judge: examineSocket },
  { name: 'temporary files', judge: examineStaged },
  { name: 'strays', judge: examineStrays },
  { name: 'orphans', judge: examineOrphans },
  { name: 'permissions', judge: examinePermissions },
  { name: 'disk', judge: examineSpace },
  { name: 'history', judge: examineHistory },
  { name: 'configuration', judge: examineConfiguration },
  { name: 'environment', judge: examineEnvironment },
  { name: 'login item', judge: examineLoginItem },
  { name: 'versions', judge: examineVersions },
  { name: 'log', judge: examineLog },
  { name: 'clock', judge: examineClock },
];

/** What there is to say about a scene. */
export function diagnose(scene: Scene): readonly Diagnosis[] {
  return examinations.flatMap(({ name, judge }) => judge(scene).map((judged) => ({ name, ...judged })));
}
