import type { WindowOutput } from '../../main/control/window-calls.ts';
import { durationInWords } from '../format.ts';
import { windowStrings } from '../strings.ts';

const strings = windowStrings.jobs;

/** What a job's last runs were like. */
export function Figures({ statistics }: { readonly statistics: WindowOutput<'job'>['statistics'] }) {
  const { outcomes, durations } = statistics;
  // Of those that ran to an end of their own: a skipped or cancelled run tells nothing of the job.
  const succeeded = outcomes.succeeded ?? 0;
  const tried = succeeded + (outcomes.failed ?? 0) + (outcomes['timed-out'] ?? 0) + (outcomes.lost ?? 0);
  if (statistics.runs === 0) return <p class="quiet">{strings.noFigures}</p>;
  const figures: (readonly [string, string])[] = [
    [strings.success, tried === 0 ? '–' : percent(succeeded / tried)],
    ...(durations === null
      ? []
      : ([
          [strings.median, durationInWords(durations.p50)],
          [strings.p90, durationInWords(durations.p90)],
          [strings.p99, durationInWords(durations.p99)],
          [strings.longest, durationInWords(durations.longest)],
        ] as const)),
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{strings.ofLast(statistics.runs)}</p>
    </>
  );
}

/** Rounded down, so that 100% means all. */
const percent = (share: number): string => `${share === 1 ? 100 : Math.floor(share * 1_000) / 10}%`;
