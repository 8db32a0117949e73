import { useEffect, useRef } from 'preact/hooks';
import { outcomeKinds } from '../components/outcome-kinds.ts';
import { jobNames } from '../state/jobs.ts';
import { windowStrings } from '../strings.ts';
import { type Filters, filters, NO_FILTERS, PERIODS, type Period } from './filters.ts';

const strings = windowStrings.history;
/** Letters come one after the other: a search begins when they pause, in milliseconds. */
const TYPING_MS = 200;

const periods: Readonly<Record<Period, string>> = {
  hour: strings.lastHour,
  day: strings.lastDay,
  week: strings.lastWeek,
  month: strings.lastMonth,
};

function set(change: Partial<Filters>): void {
  const changed = { ...filters.value, ...change };
  const isNone = (Object.keys(NO_FILTERS) as (keyof Filters)[]).every(
    (key) => changed[key] === NO_FILTERS[key],
  );
  filters.value = isNone ? NO_FILTERS : changed;
}

/** What the history is narrowed down to. */
export function FilterBar() {
  const { job, outcome, period, text, lastDay } = filters.value;
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // Cleared from elsewhere.
    if (field.current !== null && text === '') field.current.value = '';
  }, [text]);
  const find = (value: string): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => set({ text: value }), TYPING_MS);
  };
  return (
    <search class="filter-bar" aria-label={strings.filters}>
      <input
        ref={field}
        class="field is-search"
        type="search"
        data-find
        aria-label={strings.text}
        placeholder={strings.textHint}
        defaultValue={text}
        maxLength={300}
        onInput={(event) => find(event.currentTarget.value)}
      />
      <select
        class="field"
        aria-label={strings.job}
        value={job ?? ''}
        onChange={(event) => set({ job: event.currentTarget.value || undefined })}
      >
        <option value="">{strings.allJobs}</option>
        {/* One that is configured no longer may still have runs. */}
        {job !== undefined && !jobNames.value.includes(job) ? <option value={job}>{job}</option> : null}
        {jobNames.value.map((name) => (
          <option value={name} key={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        class="field"
        aria-label={strings.outcome}
        value={outcome ?? ''}
        onChange={(event) =>
          set({ outcome: outcomeKinds.find((kind) => kind === event.currentTarget.value) })
        }
      >
        <option value="">{strings.allOutcomes}</option>
        {outcomeKinds.map((kind) => (
          <option value={kind} key={kind}>
            {windowStrings.outcomes[kind]}
          </option>
        ))}
      </select>
      <select
        class="field"
        aria-label={strings.time}
        value={period ?? ''}
        onChange={(event) =>
          set({ period: (Object.keys(PERIODS) as Period[]).find((one) => one === event.currentTarget.value) })
        }
      >
        <option value="">{strings.allTimes}</option>
        {(Object.keys(PERIODS) as Period[]).map((one) => (
          <option value={one} key={one}>
            {periods[one]}
          </option>
        ))}
      </select>
      <label class="jump" title={strings.jumpHint}>
        <span>{strings.jump}</span>
        <input
          class="field"
          type="date"
          value={lastDay ?? ''}
          onChange={(event) => set({ lastDay: event.currentTarget.value || undefined })}
        />
      </label>
    </search>
  );
}
