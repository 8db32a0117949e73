import type { Daemon } from '../daemon/daemon.ts';
import { SoloistError } from '../daemon/errors.ts';
import type { HealthOf } from '../daemon/health/report.ts';
import type { Handlers } from './contract.ts';
import type { healthCalls } from './health-calls.ts';

/** What the calls about health do; `healthNow` gives the daemon's health, or undefined while it does not run. */
export function healthHandlers(
  daemon: Daemon,
  healthNow: () => HealthOf | undefined,
): Pick<Handlers, keyof typeof healthCalls> {
  const health = (): HealthOf => {
    const found = healthNow();
    if (found !== undefined) return found;
    throw new SoloistError({
      code: 'not-running',
      message: `The daemon does not run: it is ${daemon.status().daemon.state}.`,
      hint: "'soloist doctor' looks at what there is without it.",
    });
  };
  return {
    async health() {
      return health().look();
    },
    async metrics() {
      return health().metrics();
    },
    async guards({ guard }) {
      return { guards: await health().guards(guard) };
    },
    async endGuarded({ guard, processes }) {
      return health().endGuarded(guard, processes);
    },
    async strays() {
      return { strays: await health().strays() };
    },
    async endStrays({ processes }) {
      return health().endStrays(processes);
    },
  };
}
