import type { Verdict } from './verdicts.ts';
export async function simulatedMonth(_: { days: number }): Promise<readonly Verdict[]> {
  return [];
}
