import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Statistics } from '../history/statistics.ts';
import type { JobView } from '../jobs/views.ts';
import type { GuardView, HealthReport, Verdict } from './report.ts';

export interface MetricsInput {
  readonly report: HealthReport;
  readonly guards: readonly GuardView[];
  readonly jobs: readonly JobView[];
  statisticsOf(job: string): Statistics | undefined;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const LEVEL: Readonly<Record<Verdict, number>> = { ok: 0, warning: 1, error: 2 };
/** Statistics of so many jobs are read before others have a turn. */
const CHUNK = 50;

const seconds = (iso: string | null | undefined): number | null =>
  iso === null || iso === undefined ? null : Date.parse(iso) / 1_000;

/**
 * The figures of a daemon in the text format of Prometheus, 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export async function metricsText(input: MetricsInput): Promise<string> {
  const statistics = new Map<string, Statistics>();
  for (const [index, { name }] of input.jobs.entries()) {
    if (index % CHUNK === CHUNK - 1) await nextTurn();
    const found = input.statisticsOf(name);
    if (found !== undefined) statistics.set(name, found);
  }
  return `${metricsOf(input, statistics).map(metricLines).join('\n')}\n`;
}

function metricsOf(
  { report, guards, jobs }: MetricsInput,
  statistics: ReadonlyMap<string, Statistics>,
): readonly Metric[] {
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({
    name: `soloist_${name}`,
    type: 'gauge',
    help,
    samples,
  });
  const ofJobs = (figure: (job: JobView) => number | null | undefined): readonly Sample[] =>
    jobs.flatMap((job) => {
      const value = figure(job);
      return value === null || value === undefined ? [] : { labels: { job: job.name }, value };
    });
  const one = (value: number): readonly Sample[] => [{ labels: {}, value }];
  return [
    gauge('health', 'The worst verdict: 0 ok, 1 warning, 2 error.', one(LEVEL[report.verdict])),
    gauge(
      'check',
      'The verdict of each check: 0 ok, 1 warning, 2 error.',
      report.checks
        .filter(({ name }) => name !== 'job')
        .map(({ name, subject, verdict }) => ({
          labels: { check: name, ...(subject === null ? {} : { subject }) },
          value: LEVEL[verdict],
        })),
    ),
    gauge(
      'guard_processes',
      'The copies that each guard counts.',
      guards.map(({ name, processes }) => ({ labels: { guard: name }, value: processes.length })),
    ),
    gauge(
      'job_not_well',
      'Jobs that are not well: 1 warning, 2 error.',
      report.checks
        .filter(({ name }) => name === 'job')
        .map(({ subject, verdict }) => ({ labels: { job: subject ?? '' }, value: LEVEL[verdict] })),
    ),
    gauge(
      'job_enabled',
      'Whether the job may become due.',
      ofJobs(({ enabled }) => (enabled ? 1 : 0)),
    ),
    gauge(
      'job_paused',
      'Whether the job is paused.',
      ofJobs(({ paused }) => (paused === null ? 0 : 1)),
    ),
    gauge(
      'job_running',
      'The runs that go on.',
      ofJobs(({ running }) => running.length),
    ),
    gauge(
      'job_queued',
      'The runs that wait.',
      ofJobs(({ queued }) => queued.length),
    ),
    gauge(
      'job_next_due_seconds',
      'When the clock makes the job due next, in seconds since 1970.',
      ofJobs(({ nextDue }) => seconds(nextDue)),
    ),
    gauge(
      'job_last_end_seconds',
      'When its last run ended, in seconds since 1970.',
      ofJobs(({ last }) => seconds(last?.endedAt)),
    ),
    gauge('job_last_duration_seconds', 'How long its last run took.', ofJobs(durationOfLast)),
    gauge(
      'job_runs',
      'How its last ended runs ended, at most 100 of them.',
      jobs.flatMap(({ name }) =>
        Object.entries(statistics.get(name)?.outcomes ?? {}).map(([outcome, value]) => ({
          labels: { job: name, outcome },
          value,
        })),
      ),
    ),
    gauge('memory_bytes', 'The resident memory of the daemon.', one(rss)),
    {
      name: 'soloist_cpu_seconds_total',
      type: 'counter',
      help: 'What the daemon has used of the processor.',
      samples: one((user + system) / 1e6),
    },
  ];
}

function durationOfLast({ last }: JobView): number | null {
  const [from, to] = [seconds(last?.startedAt), seconds(last?.endedAt)];
  return from === null || to === null ? null : to - from;
}

function metricLines({ name, type, help, samples }: Metric): string {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
  ].join('\n');
}

function labelText(labels: Sample['labels']): string {
  const entries = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return entries.length === 0 ? '' : `{${entries.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
