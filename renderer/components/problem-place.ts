/** The last part of a path. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** Where a problem of the configuration is, as its message says: `/home/you/soloist.yaml:12:3: ...`. */
export function problemPlace(message: string): { readonly name: string; readonly line: number } | undefined {
  const [, path, line] = /(?:^|\s)((?:[A-Za-z]:)?[^\s:][^\n:]*\.ya?ml):(\d{1,7})\b/.exec(message) ?? [];
  return path === undefined ? undefined : { name: `${fileName(path)}:${line}`, line: Number(line) };
}
