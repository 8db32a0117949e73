import type { AppView } from '../../control/app-calls.ts';
import type { Owner } from '../../daemon/lock/owner.ts';

/** Which daemon the app shows. */
export type Source = AppView['source'];

/** What happens around the daemon of the home. */
export type SourceEvent =
  /** The app's own daemon runs, or failed for a reason of its own. */
  | { readonly kind: 'own' }
  /** The own start was refused, or a record appeared: another daemon holds the home. */
  | { readonly kind: 'other-found'; readonly owner: Owner | null }
  /** The person chose to watch and control it. */
  | { readonly kind: 'attached'; readonly owner: Owner }
  /** The other daemon has ended. */
  | { readonly kind: 'other-ended' };

/** The source after an event; the same object where nothing changes. */
export function nextSource(source: Source, event: SourceEvent): Source {
  switch (event.kind) {
    case 'own':
      return source.kind === 'own' ? source : { kind: 'own' };
    case 'other-found':
      return isKnown(source, event.owner) ? source : { kind: 'duplicate', owner: event.owner };
    case 'attached':
      return { kind: 'attached', owner: event.owner };
    case 'other-ended':
      return source.kind === 'duplicate' || source.kind === 'attached'
        ? { kind: 'gone', owner: source.owner }
        : source;
  }
}

/** Whether this owner is the one that is shown already; one without a record may be any. */
function isKnown(source: Source, owner: Owner | null): boolean {
  if (source.kind !== 'duplicate' && source.kind !== 'attached') return false;
  return owner === null || source.owner?.instanceId === owner.instanceId;
}
