/** What a soak promised, and what came of it. */
export interface Verdict {
  readonly promise: string;
  /** What was found, in figures. */
  readonly found: string;
  readonly holds: boolean;
}

export const verdictLine = ({ promise, found, holds }: Verdict): string =>
  `${holds ? 'ok      ' : 'FAILURE '} ${promise}: ${found}`;

/** Of things that should not be there: how many of how many, and the first few. */
export function none(promise: string, wrong: readonly string[], of: number | string): Verdict {
  const some = wrong.length === 0 ? '' : `: ${wrong.slice(0, 5).join('; ')}`;
  return { promise, found: `${wrong.length} of ${of}${some}`, holds: wrong.length === 0 };
}
