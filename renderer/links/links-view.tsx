import { useEffect, useRef } from 'preact/hooks';
import { HelpLink } from '../components/help-link.tsx';
import { answering } from '../state/app.ts';
import { call } from '../state/calls.ts';
import { links, readDetails, readLinks, watchLinks } from '../state/links.ts';
import { linkStrings as strings } from '../strings/links.ts';
import { windowStrings } from '../strings.ts';
import { ActionBar } from './action-bar.tsx';
import { actionOf } from './choice.ts';
import { LinkList } from './link-list.tsx';
import { LinkPair } from './link-pair.tsx';
import { act, chosen, decided, refusal } from './review.ts';

/** The suggested links that wait, one of them with both notes, and what to do with it. */
export function LinksView() {
  const section = useRef<HTMLElement>(null);
  useEffect(watchLinks, []);
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const link = chosen.value;
  const known = links.value;
  const hasList = answering.value !== undefined && known.state === 'known' && known.links.length > 0;
  useEffect(() => {
    // Also when the list was read again: the notes may be other ones by now.
    if (link !== undefined) void readDetails(link.id);
  }, [link?.id, known]);
  useEffect(() => {
    // The list is gone with what had the focus: whoever has no mouse goes on from what was done.
    if (hasList || document.activeElement !== document.body) return;
    section.current?.querySelector<HTMLElement>('[data-action="undo"]')?.focus();
  }, [hasList]);
  return (
    <section class="view links" aria-label={strings.title} ref={section}>
      {hasList && link !== undefined ? (
        <div class="links-review">
          <LinkList links={known.links} total={known.total} chosen={link} />
          <LinkPair key={link.id} link={link} />
        </div>
      ) : (
        <LinksState />
      )}
      {hasList || decided.value.length > 0 || refusal.value !== undefined ? <ActionBar /> : null}
    </section>
  );
}

/** The letters decide, wherever the focus is, except where they are typed. */
function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
  const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea');
  const action = isTyping ? undefined : actionOf(event);
  if (action === undefined) return;
  event.preventDefault();
  void act(action);
}

/** Why there is no list. */
function LinksState() {
  if (answering.value === undefined)
    return (
      <div class="empty">
        <h2>{strings.noDaemon}</h2>
        <p>{strings.noDaemonHint}</p>
      </div>
    );
  const known = links.value;
  switch (known.state) {
    case 'loading':
      return (
        <div class="empty">
          <p role="status">{strings.loading}</p>
        </div>
      );
    case 'older':
      return (
        <div class="empty">
          <h2>{strings.older}</h2>
          <p>{strings.olderHint}</p>
        </div>
      );
    case 'refused':
      return (
        <div class="empty">
          <h2>{strings.refused}</h2>
          <p>{known.error.message}</p>
          <button type="button" class="button" onClick={() => void readLinks()}>
            {windowStrings.retry}
          </button>
        </div>
      );
    case 'known':
      return decided.value.length > 0 ? (
        <div class="empty">
          <h2>{strings.allDone}</h2>
          <p>{strings.allDoneHint}</p>
        </div>
      ) : (
        <NoLinks />
      );
  }
}

/** How to come by suggestions. */
function NoLinks() {
  return (
    <div class="empty">
      <h2>{strings.none}</h2>
      <p>{strings.noneHint}</p>
      <code class="example">{strings.example}</code>
      <p>{strings.noneAfter}</p>
      <span class="button-row">
        <button
          type="button"
          class="button"
          onClick={() => {
            call('edit', {}).catch((error: Error) => {
              refusal.value = error;
            });
          }}
        >
          {strings.edit}
        </button>
        <HelpLink topic="actions" about={strings.title} />
      </span>
    </div>
  );
}
