import packageJson from '../package.json' with { type: 'json' };

/** The version of this program, as in its package. */
export const version: string = packageJson.version;

/**
 * Which contract this program speaks (main/control/contract.ts). Raised when a call goes away, or takes or gives something that a
 * former program would not understand; what is only added raises nothing. A program that does not tell speaks 0.
 */
export const contractVersion = 1;
