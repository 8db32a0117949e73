import { useSignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { answering } from '../state/app.ts';
import { health, lookAtHealth, watchHealth } from '../state/health.ts';
import { healthStrings as strings } from '../strings/health.ts';
import { windowStrings } from '../strings.ts';
import { AlertSection } from './alert-section.tsx';
import { CheckList } from './check-list.tsx';
import { DaemonFacts } from './daemon-facts.tsx';
import { EndDialog } from './end-dialog.tsx';
import type { Target } from './ending.ts';
import { Overall } from './overall.tsx';
import { courseOf } from './remedies.ts';
import type { Check, Remedy } from './report.ts';

/** How all is, what a person should know, and what is known of the daemon. */
export function HealthView() {
  const said = useSignal('');
  const error = useSignal<Error | undefined>(undefined);
  const isBusy = useSignal(false);
  const target = useSignal<Target | undefined>(undefined);
  const lookButton = useRef<HTMLButtonElement>(null);
  const focused = useRef<Element | null>(null);
  useEffect(watchHealth, []);
  const attempt = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    said.value = '';
    error.value = undefined;
    try {
      await action();
      said.value = done;
    } catch (reason) {
      error.value = reason as Error;
    } finally {
      isBusy.value = false;
    }
  };
  const take = (remedy: Remedy, check: Check): void => {
    const course = courseOf(remedy, check);
    if (course === undefined || isBusy.value) return;
    said.value = '';
    error.value = undefined;
    if (course.kind === 'ends') target.value = course.target;
    else void attempt(course.action, course.done);
  };
  return (
    <section class="view health" aria-label={strings.title}>
      <div class="page">
        <div
          onFocusIn={({ target }) => {
            focused.current = target instanceof Element ? target : null;
          }}
        >
          <HealthState isBusy={isBusy.value} onRemedy={take} lookButton={lookButton} focused={focused} />
        </div>
        {answering.value === undefined ? null : <AlertSection attempt={attempt} />}
        <DaemonFacts />
        <Said
          done={said.value}
          error={error.value}
          onClose={() => {
            said.value = '';
            error.value = undefined;
            lookButton.current?.focus();
          }}
        />
      </div>
      {target.value === undefined ? null : (
        <EndDialog
          target={target.value}
          onClose={() => {
            target.value = undefined;
          }}
        />
      )}
    </section>
  );
}

interface SaidProps {
  readonly done: string;
  readonly error: Error | undefined;
  readonly onClose: () => void;
}

/** What became of what the person wanted last, in sight wherever that was pressed. */
function Said({ done, error, onClose }: SaidProps) {
  return (
    <div class={`said ${error === undefined ? '' : 'is-error'}`}>
      <p role="status">{done}</p>
      {error === undefined ? null : <p role="alert">{error.message}</p>}
      {done === '' && error === undefined ? null : (
        <button type="button" class="link" onClick={onClose}>
          {windowStrings.close}
        </button>
      )}
    </div>
  );
}

/** The button of a remedy goes with what it was for: whoever has no mouse goes on from the top then. */
function keepFocus(focused: Element | null, instead: HTMLElement | null): void {
  const isLost = focused?.isConnected === false && document.activeElement === document.body;
  if (isLost) instead?.focus();
}

interface HealthStateProps
  extends Pick<Parameters<typeof CheckList>[0], 'isBusy' | 'onRemedy'>,
    Pick<Parameters<typeof Overall>[0], 'lookButton'> {
  /** What of it has the focus, or had it last. */
  readonly focused: RefObject<Element | null>;
}

/** The report; or why there is none. */
function HealthState({ isBusy, onRemedy, lookButton, focused }: HealthStateProps) {
  useEffect(() => keepFocus(focused.current, lookButton.current));
  if (answering.value === undefined) return <Nothing title={strings.noDaemon} hint={strings.noDaemonHint} />;
  const known = health.value;
  switch (known.state) {
    case 'loading':
      return (
        <p class="overall quiet" role="status">
          {strings.loading}
        </p>
      );
    case 'older':
      return <Nothing title={strings.older} hint={strings.olderHint} />;
    case 'refused':
      return (
        <Nothing title={strings.refused} hint={known.error.message}>
          <button type="button" class="button" onClick={() => void lookAtHealth()}>
            {windowStrings.retry}
          </button>
        </Nothing>
      );
    case 'known':
      return (
        <>
          <Overall report={known.report} lookButton={lookButton} />
          <CheckList checks={known.report.checks} isBusy={isBusy} onRemedy={onRemedy} />
        </>
      );
  }
}

interface NothingProps {
  readonly title: string;
  readonly hint: string;
  readonly children?: ComponentChildren;
}

function Nothing({ title, hint, children }: NothingProps) {
  return (
    <div class="empty is-section">
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
    </div>
  );
}
