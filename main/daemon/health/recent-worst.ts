/** A stretch of time that is forgotten as a whole, in milliseconds. */
const SLOT_MS = 10_000;
const SLOTS = 6;

/** The largest of what was noted within the last minute, to the nearest ten seconds. */
export class RecentWorst {
  #slots: { readonly slot: number; worst: number }[] = [];

  /** @param nowMs any clock that does not go back */
  note(value: number, nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    const last = this.#slots.at(-1);
    if (last?.slot === slot) last.worst = Math.max(last.worst, value);
    else this.#slots = [...this.#since(nowMs), { slot, worst: value }];
  }

  /** 0 if nothing was noted. */
  worst(nowMs: number): number {
    return Math.max(0, ...this.#since(nowMs).map(({ worst }) => worst));
  }

  #since(nowMs: number): { readonly slot: number; worst: number }[] {
    const first = Math.floor(nowMs / SLOT_MS) - SLOTS;
    return this.#slots.filter(({ slot }) => slot >= first);
  }
}
