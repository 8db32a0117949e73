import { momentOf } from '../format.ts';
import { app } from '../state/app.ts';
import { windowStrings } from '../strings.ts';

const strings = windowStrings.health;

/** Who the daemon is, where it lives and how its last one ended. */
export function DaemonFacts() {
  const shown = app.value;
  if (shown === undefined) return null;
  const { facts } = strings;
  const { source, status } = shown;
  const owner = status?.owner ?? (source.kind === 'own' ? null : source.owner);
  const crash = owner?.lastCrash ?? null;
  const rows: readonly (readonly [string, string])[] = [
    [facts.state, shown.tray.line],
    ...(owner === null
      ? []
      : ([
          [facts.pid, `${owner.pid}`],
          [facts.kind, strings.kinds[owner.kind]],
          [facts.since, momentOf(owner.startedAt)],
          [facts.startedBy, owner.startedBy],
          [facts.host, owner.host.name],
          [facts.version, owner.version],
        ] as const)),
    [facts.appVersion, shown.version],
    [facts.home, shown.home],
    ...(owner === null
      ? []
      : ([
          [facts.lock, owner.lock],
          [facts.socket, owner.socket],
          [facts.generation, `${owner.generation}`],
          [facts.instance, owner.instanceId],
        ] as const)),
    [
      facts.crash,
      crash === null
        ? strings.noCrash
        : strings.crash(crash.pid, momentOf(crash.startedAt), momentOf(crash.foundAt)),
    ],
  ];
  return (
    <section class="panel" aria-label={strings.daemon}>
      <h2>{strings.daemon}</h2>
      <dl class="settings-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
