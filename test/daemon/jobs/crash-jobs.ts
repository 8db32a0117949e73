import { join } from 'node:path';
import type { Job } from '../../../main/daemon/config/configuration.ts';
import { forkedAway } from '../run/support.ts';
import { job, service } from './support.ts';

/** How many jobs are in flight when the daemon is killed, apart from the one that is to be kept. */
export const IN_FLIGHT = 20;

/** Jobs of many kinds that start with the daemon and stay; each says that it is up in a file. */
export function duringCrash(home: string, token: string): readonly Job[] {
  const place = { folder: join(home, 'work'), token };
  const sleep = `sleep ${token}`;
  const texts = [
    `exec ${sleep}`,
    `trap '' TERM; ${sleep}; ${sleep}`,
    `(trap '' TERM; ${sleep}) & ${sleep}`,
    `${forkedAway(`trap '' TERM; ${sleep}`)}; ${sleep}`,
  ];
  const triggers = [{ kind: 'start' }] as const;
  const jobs = Array.from({ length: IN_FLIGHT - 1 }, (_, index) =>
    job(`job-${index}`, `echo ${index} >> up; ${texts[index % texts.length]}`, place, { triggers }),
  );
  const every = [{ kind: 'start' }, { kind: 'every', interval: 1_000 }] as const;
  return [
    ...jobs,
    service('service', `echo service >> up; exec ${sleep}`, place),
    job('kept', `echo kept >> up; while [ ! -e go ]; do sleep 0.05; done`, place, {
      triggers: every,
      orphans: 'keep',
    }),
  ];
}
