import { useLayoutEffect, useRef } from 'preact/hooks';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { momentOf } from '../format.ts';
import { windowStrings } from '../strings.ts';
import { type Details, detailsOf, rangeOf } from './details.ts';
import type { Band } from './draw.ts';
import type { Mark } from './marks.ts';

/** What is under the pointer, or chosen with the keyboard; where in the window. */
export interface Hover {
  readonly lane: number;
  readonly mark: Mark | undefined;
  readonly band: Band | undefined;
  readonly due: number | undefined;
  readonly x: number;
  readonly y: number;
}

const strings = windowStrings.timeline;
const bandNames = { asleep: strings.asleep, down: strings.down, 'not-loaded': strings.notLoaded } as const;

function detailsFor({ mark, band, due }: Hover, now: number): Details | undefined {
  if (mark !== undefined) return detailsOf(mark, now);
  if (due !== undefined) return { kind: undefined, title: strings.upcoming, lines: [momentOf(due)] };
  if (band !== undefined)
    return { kind: undefined, title: bandNames[band.kind], lines: [rangeOf(band.from, band.until)] };
  return undefined;
}

/** Details of what is pointed at. Those who do not see it are told by the chosen row. */
export function Tip({ hover, now }: { readonly hover: Hover | undefined; readonly now: number }) {
  const element = useRef<HTMLDivElement>(null);
  const details = hover === undefined ? undefined : detailsFor(hover, now);
  useLayoutEffect(() => {
    const tip = element.current;
    if (tip === null || hover === undefined) return;
    const { width, height } = tip.getBoundingClientRect();
    const x = Math.min(Math.max(8, hover.x - width / 2), window.innerWidth - width - 8);
    const isAbove = hover.y + height + 8 > window.innerHeight;
    tip.style.transform = `translate(${x}px, ${isAbove ? hover.y - height - 40 : hover.y + 4}px)`;
  });
  if (details === undefined) return null;
  return (
    <div class="tip" ref={element} aria-hidden="true">
      <strong>
        {details.kind === undefined ? null : <OutcomeMark kind={details.kind} />}
        {details.title}
      </strong>
      {details.lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

/** Where the tip goes of a mark that is chosen with the keyboard. */
export function hoverOf(
  frame: HTMLElement | null,
  lane: number,
  mark: Mark | undefined,
  labels: number,
): Hover | undefined {
  const row = frame?.querySelector(`[aria-rowindex="${lane + 1}"]`) ?? null;
  if (frame === null || mark === undefined || row === null) return undefined;
  const x = frame.getBoundingClientRect().left + labels + Math.max(0, mark.x) + Math.min(mark.width, 200) / 2;
  return { lane, mark, band: undefined, due: undefined, x, y: row.getBoundingClientRect().bottom };
}
