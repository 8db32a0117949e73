import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { isolate } from '../bidi.ts';
import { Dialog } from '../components/dialog.tsx';
import { call } from '../state/calls.ts';
import { lookAtHealth } from '../state/health.ts';
import { healthStrings } from '../strings/health.ts';
import { windowStrings } from '../strings.ts';
import { type Ended, ending, guardPlan, type Plan, rowsAfter, straysPlan, type Target } from './ending.ts';
import { ProcessTable } from './process-table.tsx';

const strings = healthStrings.ending;

type Step =
  | { readonly kind: 'counting' }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'shown'; readonly plan: Plan; readonly refusal?: Error }
  | { readonly kind: 'ending'; readonly plan: Plan }
  | { readonly kind: 'ended'; readonly plan: Plan; readonly ended: Ended };

interface EndDialogProps {
  readonly target: Target;
  readonly onClose: () => void;
}

/** Shows which processes would be ended, ends exactly these if the person says so, and tells what became of them. */
export function EndDialog({ target, onClose }: EndDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const step = useSignal<Step>({ kind: 'counting' });
  useLayoutEffect(() => {
    // What ends something is not what Enter does without a look.
    cancel.current?.focus();
  }, []);
  useEffect(() => {
    let isClosed = false;
    planOf(target).then(
      (plan) => {
        if (!isClosed) step.value = { kind: 'shown', plan };
      },
      (error: Error) => {
        if (!isClosed) step.value = { kind: 'refused', error };
      },
    );
    return () => {
      isClosed = true;
    };
  }, [target, step]);
  const shown = step.value;
  const plan = 'plan' in shown ? shown.plan : undefined;
  const count = plan === undefined ? 0 : ending(plan.rows).length;
  const confirm = async (): Promise<void> => {
    if (shown.kind !== 'shown') return;
    step.value = { kind: 'ending', plan: shown.plan };
    try {
      const ended = await end(target, shown.plan);
      step.value = {
        kind: 'ended',
        ended,
        plan: { ...shown.plan, rows: rowsAfter(shown.plan.rows, ended) },
      };
    } catch (error) {
      step.value = { kind: 'shown', plan: shown.plan, refusal: error as Error };
    }
    cancel.current?.focus();
    void lookAtHealth();
  };
  return (
    <Dialog class="sheet" labelledBy="end-title" onClose={onClose}>
      <h2 id="end-title">
        {target.kind === 'guard' ? strings.titleOfGuard(isolate(target.guard)) : strings.titleOfStrays}
      </h2>
      <p role="status">{sentenceOf(shown)}</p>
      {plan === undefined || plan.rows.length === 0 ? null : <ProcessTable rows={plan.rows} />}
      <Refusal step={shown} />
      <footer class="button-row">
        <button type="button" class="button" ref={cancel} onClick={onClose}>
          {count > 0 && shown.kind === 'shown' ? strings.cancel : windowStrings.close}
        </button>
        {shown.kind === 'ending' || (shown.kind === 'shown' && count > 0) ? (
          <button
            type="button"
            class="button is-danger"
            aria-disabled={shown.kind === 'ending'}
            onClick={() => void confirm()}
          >
            {strings.confirm(count)}
          </button>
        ) : null}
      </footer>
    </Dialog>
  );
}

function Refusal({ step }: { readonly step: Step }) {
  const error =
    step.kind === 'refused' ? step.error : step.kind === 'shown' ? (step.refusal ?? undefined) : undefined;
  return error === undefined ? null : (
    <p class="notice is-error" role="alert">
      {error.message}
    </p>
  );
}

function sentenceOf(step: Step): string {
  switch (step.kind) {
    case 'counting':
      return strings.loading;
    case 'refused':
      return '';
    case 'shown':
      return ending(step.plan.rows).length === 0 ? strings.noneExtra : step.plan.explanation;
    case 'ending':
      return strings.working;
    case 'ended':
      return strings.ended(step.ended.ended.length, step.ended.left.length);
  }
}

async function planOf(target: Target): Promise<Plan> {
  if (target.kind === 'strays') return straysPlan((await call('strays')).strays);
  const [guard] = (await call('guards', { guard: target.guard })).guards;
  return guard === undefined ? { explanation: strings.noneExtra, rows: [] } : guardPlan(guard);
}

function end(target: Target, { rows }: Plan): Promise<Ended> {
  const processes = ending(rows);
  return target.kind === 'strays'
    ? call('endStrays', { processes })
    : call('endGuarded', { guard: target.guard, processes });
}
