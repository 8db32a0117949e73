/** The clocks of a computer, as they stand at one time. */
export interface Clocks {
  /** Epoch milliseconds. */
  readonly wallMs: number;
  /** Milliseconds since the computer was started, sleep included. */
  readonly uptimeMs: number;
  /** IANA name, or undefined where the system does not tell. */
  readonly zone: string | undefined;
}

/** A clock that was set: by so much, forward if positive. */
export interface ClockJump {
  readonly atMs: number;
  readonly byMs: number;
}

/** Less than this is a clock that is being corrected, or a look that came late. */
const JUMP_MS = 5_000;

/** Whether the clock was set, or the time zone is another one, since it was first looked at. */
export class ClockWatch {
  readonly #zone: string | undefined;
  #last: Clocks;
  #jump: ClockJump | undefined;

  constructor(clocks: Clocks) {
    this.#zone = clocks.zone;
    this.#last = clocks;
  }

  look(clocks: Clocks): {
    readonly jump: ClockJump | undefined;
    readonly zone: { readonly was: string; readonly is: string } | undefined;
  } {
    const byMs = clocks.wallMs - this.#last.wallMs - (clocks.uptimeMs - this.#last.uptimeMs);
    if (Math.abs(byMs) >= JUMP_MS) this.#jump = { atMs: clocks.wallMs, byMs };
    this.#last = clocks;
    const was = this.#zone;
    const is = clocks.zone;
    const isOther = was !== undefined && is !== undefined && was !== is;
    return { jump: this.#jump, zone: isOther ? { was, is } : undefined };
  }
}
