import { isolate, isolateIn } from '../bidi.ts';
import { VerdictMark } from '../components/verdict-mark.tsx';
import { healthStrings as strings } from '../strings/health.ts';
import { groupedChecks, titleOf } from './checks.ts';
import type { Check, Remedy } from './report.ts';

interface CheckListProps {
  readonly checks: readonly Check[];
  readonly isBusy: boolean;
  readonly onRemedy: (remedy: Remedy, check: Check) => void;
}

/** All checks by what they are about; those that are not well say what can be done. */
export function CheckList({ checks, isBusy, onRemedy }: CheckListProps) {
  return (
    <>
      {groupedChecks(checks).map(({ group, checks }) => (
        <section class="panel" key={group} aria-labelledby={`checks-${group}`}>
          <h3 id={`checks-${group}`}>{strings.groups[group]}</h3>
          <ul class="group-box">
            {checks.map((check) => (
              <CheckItem
                key={`${check.name} ${check.subject}`}
                check={check}
                isBusy={isBusy}
                onRemedy={onRemedy}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface CheckItemProps extends Omit<CheckListProps, 'checks'> {
  readonly check: Check;
}

function CheckItem({ check, isBusy, onRemedy }: CheckItemProps) {
  const { verdict, sentence, subject, remedy } = check;
  const title = titleOf(check, isolate);
  return (
    <li class={`check-row is-${verdict}`}>
      <VerdictMark verdict={verdict} />
      <p class="check-title">
        <span class="visually-hidden">{strings.verdicts[verdict]}: </span>
        {title}
      </p>
      <div class="check-text">
        <p>{isolateIn(sentence, subject)}</p>
        {verdict === 'ok' || remedy === null ? null : (
          <div class="check-remedy">
            <button
              type="button"
              class="button"
              aria-label={strings.remedyOf(strings.remedies[remedy.kind], title)}
              aria-disabled={isBusy}
              onClick={() => onRemedy(remedy, check)}
            >
              {strings.remedies[remedy.kind]}
            </button>
            <span class="quiet">
              {strings.inTerminal} <code dir="ltr">{remedy.command}</code>
            </span>
          </div>
        )}
      </div>
    </li>
  );
}
