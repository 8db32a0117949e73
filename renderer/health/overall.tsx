import type { RefObject } from 'preact';
import { HelpLink } from '../components/help-link.tsx';
import { VerdictMark } from '../components/verdict-mark.tsx';
import { clockTime } from '../format.ts';
import { isLooking, lookAtHealth } from '../state/health.ts';
import { now } from '../state/now.ts';
import { relative } from '../state/relative.ts';
import { healthStrings as strings } from '../strings/health.ts';
import { windowStrings } from '../strings.ts';
import { troublesOf } from './checks.ts';
import type { HealthReport } from './report.ts';

interface OverallProps {
  readonly report: HealthReport;
  /** Gets the focus when what had it is gone. */
  readonly lookButton: RefObject<HTMLButtonElement | null>;
}

/** All in all, and when that was found. */
export function Overall({ report: { verdict, at, checks }, lookButton }: OverallProps) {
  const { errors, warnings } = troublesOf(checks);
  const found = strings.troubles(errors, warnings);
  const lookedAt = strings.lookedAt(clockTime(at), relative(at, now.value));
  return (
    <header class="overall">
      <VerdictMark verdict={verdict} size={28} />
      <div class="overall-text">
        <h2>{strings.overall[verdict]}</h2>
        <p class="quiet tabular">{found === '' ? lookedAt : `${found}. ${lookedAt}`}</p>
      </div>
      <button
        type="button"
        class="button"
        ref={lookButton}
        aria-disabled={isLooking.value}
        onClick={() => void lookAtHealth()}
      >
        {isLooking.value ? strings.looking : strings.lookAgain}
      </button>
      <HelpLink topic="health" about={windowStrings.views.health} />
    </header>
  );
}
