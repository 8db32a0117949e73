/** Measured values of one thing in one unit. */
export interface Figures {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** The value below which a share (0 to 1) of all lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const round = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);

/** `name   runs 20   median 12.3   p99 15.6   max 15.9 ms` */
export function figuresLine({ name, unit, values }: Figures): string {
  const parts = [
    name.padEnd(52),
    `runs ${String(values.length).padStart(5)}`,
    `median ${round(median(values)).padStart(8)}`,
    `p99 ${round(percentile(values, 0.99)).padStart(8)}`,
    `max ${round(Math.max(...values)).padStart(8)} ${unit}`,
  ];
  return parts.join('   ');
}

/** Whether a promise holds, as a line: `  aim: p99 under 10 ms: 3.2 ms, met`. */
export function aimLine(aim: string, value: number, unit: string, holds: boolean): string {
  return `  aim: ${aim}: ${round(value)} ${unit}, ${holds ? 'met' : 'NOT MET'}`;
}

/** Whether Soloist, the first of those measured, has the least of one figure: `  aim: ahead of each peer, median: ...`. */
export function aheadLine(
  figure: string,
  measured: ReadonlyMap<string, readonly number[]>,
  of: (values: readonly number[]) => number,
  unit: string,
): string {
  const [own = Number.NaN, ...others] = [...measured.values()].map(of);
  const best = Math.min(...others);
  return aimLine(`${figure} ahead of each peer (the best: ${round(best)} ${unit})`, own, unit, own < best);
}
