/** What went wrong, in the one form that the terminal, the control socket and the windows all show. */
export interface ErrorDetails {
  readonly code: string;
  /** One sentence that names the thing and the reason. */
  readonly message: string;
  /** The way out, as a sentence. */
  readonly hint?: string | undefined;
}

/** An error that a person can cause or mend. Anything else that is thrown is a fault of Soloist. */
export class SoloistError extends Error {
  override readonly name: string = 'SoloistError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.code = details.code;
    this.hint = details.hint;
  }

  toJSON(): ErrorDetails {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    };
  }
}

/** The operating system's code of an error (`ENOENT`, `EACCES`, ...), or undefined if it has none. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns anything thrown into details that can be shown: a `SoloistError` keeps its code and hint. */
export function errorDetails(error: unknown): ErrorDetails {
  if (error instanceof SoloistError) return error.toJSON();
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
