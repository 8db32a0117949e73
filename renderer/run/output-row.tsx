import type { ComponentChildren } from 'preact';
import { type Span, spansOf } from './ansi.ts';
import { styleOf, type Theme } from './colors.ts';
import type { Found } from './find.ts';
import type { OutputLine } from './output-lines.ts';

interface OutputRowProps {
  readonly line: OutputLine;
  readonly theme: Theme;
  /** What was found in this row, and which of it is the current one. */
  readonly found: readonly Found[];
  readonly current: Found | undefined;
  /** In front of the line, if wanted. */
  readonly time: string | undefined;
}

/** One row of an output: text in elements, never markup. */
export function OutputRow({ line, theme, found, current, time }: OutputRowProps) {
  return (
    <div class={`output-row ${line.stream === 'stderr' ? 'is-error' : ''}`}>
      {time === undefined ? null : <span class="output-time">{time}</span>}
      <span class="output-text">{textOf(spansOf(line.text, line.before), theme, found, current)}</span>
    </div>
  );
}

function textOf(
  spans: readonly Span[],
  theme: Theme,
  found: readonly Found[],
  current: Found | undefined,
): ComponentChildren[] {
  const children: ComponentChildren[] = [];
  let offset = 0;
  for (const span of spans) {
    const style = styleOf(span, theme);
    const names = span.decorations.map((name) => `is-${name}`).join(' ');
    const show = (from: number, to: number, hit: Found | undefined): void => {
      if (to <= from) return;
      const text = span.text.slice(from - offset, to - offset);
      if (hit !== undefined)
        children.push(<mark class={hit === current ? 'is-current' : undefined}>{text}</mark>);
      else if (names === '' && style.color === undefined && style.backgroundColor === undefined)
        children.push(text);
      else
        children.push(
          <span class={names} style={style}>
            {text}
          </span>,
        );
    };
    const end = offset + span.text.length;
    let reached = offset;
    for (const hit of found) {
      if (hit.end <= offset || hit.start >= end) continue;
      show(reached, Math.max(reached, hit.start), undefined);
      show(Math.max(reached, hit.start), Math.min(end, hit.end), hit);
      reached = Math.min(end, hit.end);
    }
    show(reached, end, undefined);
    offset = end;
  }
  return children;
}
