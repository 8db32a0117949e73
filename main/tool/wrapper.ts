import { shellText, shellWord } from '../daemon/shell-word.ts';

/** Says of a file that Soloist wrote it and may remove it. */
export const MARK = 'written by Soloist for its command-line tool';

/** The script that is `soloist` on a person's PATH: it runs a command line with what was typed behind it. */
export function wrapperText([program, ...words]: readonly [string, ...string[]]): string {
  // What the program is to run: the folder of an unpackaged app, or the file for a Node.
  const needed = words.filter((word) => word.startsWith('/'));
  const command = shellText([program, ...words]);
  return `#!/bin/sh
# ${MARK}: 'soloist tool uninstall' removes it
lost=
[ -x ${shellWord(program)} ] || lost=${shellWord(program)}
${needed.map((path) => `[ -e ${shellWord(path)} ] || lost=${shellWord(path)}\n`).join('')}if [ -n "$lost" ]; then
  echo "soloist: Soloist is no longer at $lost. Open the app where it is now and choose Settings > Install command-line tool, or remove $0." >&2
  exit 127
fi
exec ${command} "$@"
`;
}

/** Whether a file's text was written here, and then what it runs, as it stands in the script. */
export const readWrapper = (text: string): { readonly command: string } | undefined =>
  text.includes(MARK) ? { command: /^exec (.*) "\$@"$/m.exec(text)?.[1] ?? '' } : undefined;
