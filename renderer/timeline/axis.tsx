import { shortTime, weekdayOf } from '../format.ts';
import { lengthOf, type Span, type Tick, xOf } from './span.ts';

interface AxisProps {
  readonly ticks: readonly Tick[];
  readonly span: Span;
  readonly width: number;
  readonly now: number;
}

const MINUTE = 60_000;
/** Room for what is written, in pixels. */
const DAY_WIDTH = 92;
const TIME_WIDTH = 44;

/** The times over the lanes. The lanes say the same in words. */
export function Axis({ ticks, span, width, now }: AxisProps) {
  const nowX = xOf(now, span, width);
  const seconds = lengthOf(span) < 5 * MINUTE;
  return (
    <div class="axis" aria-hidden="true">
      {ticks.map(({ at, isDay }) => {
        const x = Math.round(xOf(at, span, width));
        // Written to the right of its line; what would not fit before the edge is left out.
        if (x + (isDay ? DAY_WIDTH : TIME_WIDTH) > width) return null;
        return (
          <span class={isDay ? 'is-day' : ''} style={{ transform: `translateX(${x}px)` }} key={at}>
            {isDay ? weekdayOf(at) : seconds ? new Date(at).toTimeString().slice(0, 8) : shortTime(at)}
          </span>
        );
      })}
      {nowX >= 0 && nowX <= width ? (
        <i class="axis-now" style={{ transform: `translateX(${Math.round(nowX)}px)` }} />
      ) : null}
    </div>
  );
}
