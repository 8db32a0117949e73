import type { ComponentChildren, HTMLAttributes, RefObject } from 'preact';
import { useImperativeHandle, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { elementHeight, placeAfterScroll, placeOf, rowsSeen, type ScrollPlace } from './scroll-space.ts';

export interface RowsHandle {
  /** Scrolls just as far as it takes for the row to be seen; with `middle` to the middle of the view. */
  show(row: number, where?: 'nearest' | 'middle'): void;
  /** Keeps what is seen where it is after rows were added above it. */
  shift(rows: number): void;
  toEnd(): void;
  /** The rows that are wholly seen. */
  seen(): { readonly first: number; readonly end: number };
  focus(): void;
}

interface RowsProps extends Omit<HTMLAttributes<HTMLDivElement>, 'ref' | 'children' | 'class'> {
  readonly class: string;
  readonly handle?: RefObject<RowsHandle | null>;
  readonly count: number;
  readonly rowHeight: number;
  /** Stays at the top; its height in pixels counts for what is seen. */
  readonly header?: ComponentChildren;
  readonly headerHeight?: number;
  /** After the last row. */
  readonly footer?: ComponentChildren;
  readonly row: (row: number) => ComponentChildren;
  /** Told which rows are in the page, after each change. */
  readonly onSee?: (first: number, end: number) => void;
  /** Told after the person scrolled whether the last row is seen. */
  readonly onScrolled?: (isAtEnd: boolean, isAtStart: boolean) => void;
}

/** A list of rows of one height, of which only those seen are in the page: a million are as quick as ten. */
export function Rows({
  handle,
  count,
  rowHeight,
  header,
  headerHeight = 0,
  footer,
  row,
  onSee,
  onScrolled,
  class: name,
  ...attributes
}: RowsProps) {
  const element = useRef<HTMLDivElement>(null);
  const place = useRef<ScrollPlace>({ scrollTop: 0, top: 0 });
  const [height, setHeight] = useState(0);
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const view = Math.max(0, height - headerHeight);
  const space = { rows: count * rowHeight, view };
  const bounded = Math.min(place.current.top, Math.max(0, space.rows - view));
  const { first, end } = rowsSeen(bounded, view, rowHeight, count);

  const moveTo = (top: number): void => {
    place.current = placeOf(top, space);
    if (element.current !== null) element.current.scrollTop = place.current.scrollTop;
    redraw(undefined);
  };
  useImperativeHandle(
    handle ?? null,
    () => ({
      show(wanted, where = 'nearest') {
        const begin = wanted * rowHeight;
        const { top } = place.current;
        if (where === 'middle') moveTo(begin - view / 2 + rowHeight / 2);
        else if (begin < top) moveTo(begin);
        else if (begin + rowHeight > top + view) moveTo(begin + rowHeight - view);
      },
      shift(rows) {
        moveTo(place.current.top + rows * rowHeight);
      },
      toEnd() {
        moveTo(space.rows);
      },
      seen: () => ({
        first: Math.ceil(place.current.top / rowHeight),
        end: Math.floor((place.current.top + view) / rowHeight),
      }),
      focus() {
        element.current?.focus({ preventScroll: true });
      },
    }),
    [count, rowHeight, view],
  );

  useLayoutEffect(() => {
    const current = element.current;
    if (current === null) return;
    setHeight(current.clientHeight);
    const observer = new ResizeObserver(() => setHeight(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    onSee?.(first, end);
  });

  const onScroll = (): void => {
    const current = element.current;
    if (current === null || current.scrollTop === place.current.scrollTop) return;
    place.current = placeAfterScroll(place.current, current.scrollTop, space);
    if (current.scrollTop !== place.current.scrollTop) current.scrollTop = place.current.scrollTop;
    redraw(undefined);
    onScrolled?.(place.current.top + view >= space.rows - rowHeight, place.current.top <= 0);
  };

  const rows: ComponentChildren[] = [];
  for (let index = first; index < end; index++) rows.push(row(index));
  const shift = place.current.scrollTop - (bounded - first * rowHeight);
  return (
    <div {...attributes} class={`rows ${name}`} ref={element} onScroll={onScroll}>
      {header}
      <div class="rows-space" role="presentation" style={{ height: `${elementHeight(space)}px` }}>
        <div
          class="rows-seen"
          role="presentation"
          style={{ transform: `translateY(${Math.max(0, shift)}px)` }}
        >
          {rows}
        </div>
      </div>
      {footer}
    </div>
  );
}
