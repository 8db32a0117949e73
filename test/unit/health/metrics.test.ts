import { expect, test } from 'vitest';
import { metricsText } from '../../../main/daemon/health/metrics.ts';
import { job } from '../shell/views.ts';

test('the text is of lines that Prometheus reads, whatever jobs are called', async () => {
  const name = 'a "quoted" \\ name';
  const text = await metricsText({
    report: {
      verdict: 'warning',
      at: '2026-11-29T09:00:00.000Z',
      checks: [
        { name: 'log', group: 'daemon', subject: null, verdict: 'warning', sentence: '', remedy: null },
        { name: 'job', group: 'jobs', subject: name, verdict: 'error', sentence: '', remedy: null },
      ],
    },
    guards: [{ name: 'notes', match: 'x', max: 1, keep: 'oldest', act: 'alert', processes: [] }],
    jobs: [job(name)],
    statisticsOf: () => ({
      runs: 3,
      outcomes: { succeeded: 2, failed: 1, 'timed-out': 0, cancelled: 0, skipped: 0, lost: 0 },
      durations: undefined,
    }),
  });
  const lines = text.split('\n');
  expect(text.endsWith('\n')).toBe(true);
  const sample = /^[a-z_]+(\{([a-z_]+="(\\["\\n]|[^"\\\n])*",?)*\})? -?\d+(\.\d+)?(e[+-]\d+)?$/;
  for (const line of lines.filter((line) => line !== '' && !line.startsWith('#')))
    expect(line).toMatch(sample);
  const escaped = String.raw`a \"quoted\" \\ name`;
  expect(lines).toContain('soloist_health 1');
  expect(lines).toContain('soloist_check{check="log"} 1');
  expect(lines).toContain('soloist_guard_processes{guard="notes"} 0');
  expect(lines).toContain(`soloist_job_not_well{job="${escaped}"} 2`);
  expect(lines).toContain(`soloist_job_runs{job="${escaped}",outcome="succeeded"} 2`);
  expect(lines.filter((line) => line.startsWith('# TYPE'))).toHaveLength(
    new Set(lines.filter((line) => line.startsWith('# TYPE'))).size,
  );
});
