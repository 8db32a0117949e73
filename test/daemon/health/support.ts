import type { Vitals } from '../../../main/daemon/health/facts.ts';
import { Health } from '../../../main/daemon/health/health.ts';
import { limits } from '../../../main/daemon/health/limits.ts';
import type { Check, HealthReport } from '../../../main/daemon/health/report.ts';
import type { RunningJobs } from '../../../main/daemon/jobs/engine.ts';
import { testOptions, until, type Workshop } from '../jobs/support.ts';

const NOBODY = { check: async () => [], views: async () => [], end: async () => ({ ended: [], left: [] }) };

/** Limits that a test does not have to wait for. */
export const soon = {
  ...limits,
  timerLateMs: 300,
  loopDelay: { warningMs: 300, errorMs: 1_500 },
  overdueMs: 300,
  slow: { times: 3, leastMs: 300, fewestRuns: 5 },
} as const;

/** The health of an engine in this process. */
export class Practice {
  readonly health: Health;
  readonly told: boolean[] = [];
  vitals: Vitals;

  constructor(shop: Workshop, engine: () => RunningJobs) {
    const options = testOptions(shop.home);
    this.vitals = options.vitals();
    this.health = new Health({
      home: shop.home,
      logger: options.logger,
      vitals: () => this.vitals,
      jobs: () => engine().health,
      guards: { ...NOBODY, count: async () => [] },
      strays: NOBODY,
      limits: soon,
      onReport: (_, isOther) => this.told.push(isOther),
    });
  }

  async check(name: string, subject: string | null = null): Promise<Check | undefined> {
    return checkOf(await this.health.look(), name, subject);
  }

  /** Waits until a check says that. */
  async until(
    verdict: Check['verdict'] | 'none',
    name: string,
    subject: string | null = null,
  ): Promise<void> {
    let last: Check | undefined;
    await until(`${name} ${subject ?? ''} is ${verdict}`, async () => {
      last = await this.check(name, subject);
      return (last?.verdict ?? 'none') === verdict;
    });
  }
}

export function checkOf(
  report: HealthReport,
  name: string,
  subject: string | null = null,
): Check | undefined {
  return report.checks.find((check) => check.name === name && check.subject === subject);
}
