/** A word as a POSIX shell takes it for one, whatever is in it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command as a person types it into a POSIX shell. */
export const shellText = (command: readonly string[]): string => command.map(shellWord).join(' ');
