/** A regular expression is written between slashes. */
const PATTERN = /^\/(.+)\/$/s;

/** Words joined by single spaces, as command lines are compared. */
export const withSingleSpaces = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Tells whether a command line is meant by a guard's `match`: a part of it, or a regular expression between slashes.
 * Throws a `SyntaxError` for a bad expression, which `matchProblem` tells beforehand.
 */
export function commandMatcher(match: string): (command: string) => boolean {
  const pattern = patternOf(match);
  if (pattern !== undefined) return (command) => pattern.test(withSingleSpaces(command));
  const part = withSingleSpaces(match);
  return (command) => withSingleSpaces(command).includes(part);
}

/** Why a `match` cannot be used, as a phrase; undefined if it can. */
export function matchProblem(match: string): string | undefined {
  try {
    // Whoever writes /.*/ with `act: end` would lose everything that runs.
    return patternOf(match)?.test('') ? 'it matches every process' : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '').toLowerCase();
  }
}

function patternOf(match: string): RegExp | undefined {
  const source = PATTERN.exec(match.trim())?.[1];
  return source === undefined ? undefined : new RegExp(source);
}
