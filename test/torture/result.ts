/** What a torture came to: how often it was tried and each time that it did not hold, in words. */
export interface TortureResult {
  readonly name: string;
  readonly rounds: number;
  readonly failures: readonly string[];
  /** More to know, such as how often an unusual way was taken. */
  readonly notes: readonly string[];
}

/** Collects the failures of a torture and counts its rounds. */
export class Tally {
  readonly #name: string;
  readonly #failures: string[] = [];
  readonly #counts = new Map<string, number>();
  #rounds = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Begins a round; what fails from here on is told with its number. */
  round(): number {
    this.#rounds += 1;
    return this.#rounds;
  }

  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.#failures.push(`round ${this.#rounds}: ${otherwise}`);
  }

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  result(): TortureResult {
    return {
      name: this.#name,
      rounds: this.#rounds,
      failures: this.#failures,
      notes: [...this.#counts].map(([what, count]) => `${count} ${what}`),
    };
  }
}

/** One line for people: `50 starters, clean home: 1000 rounds, 0 failures (1000 owners, 49000 refusals)`. */
export function resultLine({ name, rounds, failures, notes }: TortureResult): string {
  const more = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `${name}: ${rounds} rounds, ${failures.length} failures${more}`;
}
