/** What accepting wrote: the link as it stands in the note, and the heading that it stands under. */
export interface Added {
  readonly link: string;
  readonly heading: string | undefined;
}

/** What stands in a note now and did not before; undefined if that cannot be told. */
export function addedTo(before: string, after: string): Added | undefined {
  const former = new Set(before.split(/\r\n|\n|\r/));
  const lines = after.split(/\r\n|\n|\r/);
  const at = lines.findLastIndex((line) => !former.has(line) && LINK.test(line));
  const link = LINK.exec(lines[at] ?? '')?.[0];
  if (link === undefined) return undefined;
  const heading = lines.slice(0, at).findLast((line) => HEADING.test(line));
  return { link, heading: heading && HEADING.exec(heading)?.[1] };
}

const LINK = /\[\[[^[\]]+\]\]|\[[^[\]]+\]\([^()]+\)/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
