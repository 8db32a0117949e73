import { useSignal } from '@preact/signals';
import type { AppView } from '../../main/control/app-calls.ts';
import { isolate } from '../bidi.ts';
import { sinceInWords } from '../format.ts';
import { app } from '../state/app.ts';
import { call } from '../state/calls.ts';
import { now } from '../state/now.ts';
import { secondsUntil } from '../state/relative.ts';
import { helpStrings, windowStrings } from '../strings.ts';
import { Action, Banner, isBusy } from './banner.tsx';
import { fileName, problemPlace } from './problem-place.ts';

const strings = windowStrings.banner;
const { kinds } = strings;

type Attempt = (action: () => Promise<unknown>) => void;

interface BannersProps {
  /** Whether the daemon's state is shown elsewhere with what can be done about it; only why it failed is told here then. */
  readonly isStateElsewhere?: boolean;
}

/** What is not as it should be, each with its way out. */
export function Banners({ isStateElsewhere = false }: BannersProps) {
  const error = useSignal<Error | undefined>(undefined);
  const shown = app.value;
  if (shown === undefined) return null;
  const attempt: Attempt = (action) => {
    if (isBusy.value) return;
    isBusy.value = true;
    error.value = undefined;
    action()
      .then(
        (answer) => {
          if (isAppView(answer)) app.value = answer;
        },
        (reason: Error) => {
          error.value = reason;
        },
      )
      .finally(() => {
        isBusy.value = false;
      });
  };
  return (
    <>
      <SourceBanner shown={shown} attempt={attempt} isStateElsewhere={isStateElsewhere} />
      <ConfigurationBanner shown={shown} attempt={attempt} />
      {error.value === undefined ? null : (
        <Banner kind="error">
          <p>{error.value.message}</p>
        </Banner>
      )}
    </>
  );
}

const isAppView = (answer: unknown): answer is AppView =>
  typeof answer === 'object' && answer !== null && 'tray' in answer;

interface SourceProps {
  readonly shown: AppView;
  readonly attempt: Attempt;
}

function SourceBanner({
  shown: { source, status },
  attempt,
  isStateElsewhere,
}: SourceProps & { readonly isStateElsewhere: boolean }) {
  switch (source.kind) {
    case 'duplicate':
      return (
        <Banner
          kind="warning"
          help={{ topic: 'lock', about: helpStrings.one }}
          actions={
            <>
              <Action name={strings.attach} isPrimary onClick={() => attempt(() => call('attach'))} />
              <Action name={strings.takeOver} onClick={() => attempt(() => call('takeOver'))} />
              <Action name={strings.quit} onClick={() => attempt(() => call('quit'))} />
            </>
          }
        >
          <p>
            {source.owner === null ? strings.duplicateUnknown : strings.duplicate(ownerInWords(source.owner))}
          </p>
        </Banner>
      );
    case 'attached':
      return (
        <Banner
          kind="info"
          actions={<Action name={strings.takeOver} onClick={() => attempt(() => call('takeOver'))} />}
        >
          <p>{strings.attached(source.owner.pid, kinds[source.owner.kind])}</p>
        </Banner>
      );
    case 'gone':
      return (
        <Banner
          kind="warning"
          actions={<Action name={strings.start} isPrimary onClick={() => attempt(() => call('start'))} />}
        >
          <p>{source.owner === null ? strings.gone : strings.goneOf(source.owner.pid)}</p>
        </Banner>
      );
    case 'own':
      if (status === null || (isStateElsewhere && status.daemon.state !== 'failed')) return null;
      return <StateBanner daemon={status.daemon} attempt={attempt} isStateElsewhere={isStateElsewhere} />;
  }
}

const ownerInWords = ({ pid, kind, startedAt, startedBy }: NonNullable<AppOwner>): string =>
  strings.owner(pid, kinds[kind], sinceInWords(startedAt, now.value), isolate(startedBy));

type AppOwner = Extract<AppView['source'], { kind: 'duplicate' }>['owner'];

interface StateProps {
  readonly daemon: NonNullable<AppView['status']>['daemon'];
  readonly attempt: Attempt;
  readonly isStateElsewhere: boolean;
}

function StateBanner({ daemon, attempt, isStateElsewhere }: StateProps) {
  const start = <Action name={strings.startDaemon} onClick={() => attempt(() => call('start'))} />;
  switch (daemon.state) {
    case 'running':
      return null;
    case 'starting':
      return (
        <Banner kind="info">
          <p>{strings.starting}</p>
        </Banner>
      );
    case 'stopped':
      return (
        <Banner kind="warning" actions={start}>
          <p>{strings.stopped}</p>
        </Banner>
      );
    case 'failed': {
      const place = problemPlace(daemon.error.message);
      const open = place === undefined ? null : <OpenAction {...place} attempt={attempt} />;
      return (
        <Banner
          kind="error"
          actions={
            isStateElsewhere ? (
              (open ?? undefined)
            ) : (
              <>
                {start}
                {open}
              </>
            )
          }
        >
          <p>{strings.failed(daemon.error.message)}</p>
          {daemon.error.hint === undefined ? null : <p>{daemon.error.hint}</p>}
        </Banner>
      );
    }
    case 'stopping': {
      const { waiting } = daemon;
      return (
        <Banner
          kind="info"
          isTicking={waiting !== null}
          actions={
            waiting === null ? undefined : (
              <Action name={strings.stopNow} onClick={() => attempt(() => call('stop', { now: true }))} />
            )
          }
        >
          <p>
            {waiting === null
              ? strings.stopping
              : strings.stoppingRuns(waiting.runs, secondsUntil(waiting.until, now.value))}
          </p>
        </Banner>
      );
    }
  }
}

function ConfigurationBanner({ shown: { status }, attempt }: SourceProps) {
  const problem = status?.configuration.problem ?? null;
  if (status === null || problem === null) return null;
  const place = problemPlace(problem.message);
  return (
    <Banner
      kind="error"
      help={{ topic: 'configuration', about: helpStrings.configuration }}
      actions={
        <OpenAction
          name={place?.name ?? fileName(status.configuration.path)}
          line={place?.line}
          attempt={attempt}
        />
      }
    >
      <p>
        <strong>{strings.problem}</strong>
      </p>
      <p class="banner-problem">{problem.message}</p>
      {problem.hint === undefined ? null : <p>{problem.hint}</p>}
    </Banner>
  );
}

interface OpenProps {
  readonly name: string;
  readonly line: number | undefined;
  readonly attempt: Attempt;
}

/** Opens the configuration where its problem is. */
function OpenAction({ name, line, attempt }: OpenProps) {
  return (
    <Action
      name={strings.open(name)}
      onClick={() => attempt(() => call('edit', line === undefined ? {} : { line }))}
    />
  );
}
