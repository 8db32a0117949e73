import { useLayoutEffect, useRef } from 'preact/hooks';
import { linkStrings as strings } from '../strings/links.ts';
import type { Link } from './choice.ts';
import { choose } from './review.ts';
import { percentOf } from './sureness.ts';

interface LinkListProps {
  readonly links: readonly Link[];
  readonly total: number;
  readonly chosen: Link;
}

/** The suggestions that wait, the likeliest first, those of one note together. */
export function LinkList({ links, total, chosen }: LinkListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('.is-chosen')?.scrollIntoView({ block: 'nearest' });
  }, [chosen.id]);
  const move = (event: KeyboardEvent): void => {
    const at = links.findIndex(({ id }) => id === chosen.id);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: links.length - 1,
    };
    const to = moves[event.key];
    const link = to === undefined ? undefined : links[Math.min(Math.max(0, to), links.length - 1)];
    if (link === undefined) return;
    event.preventDefault();
    choose(link.id);
  };
  return (
    <div class="link-list-frame">
      <p class="link-count quiet tabular">{strings.shown(links.length, total)}</p>
      <ul
        class="link-list"
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={strings.list}
        aria-activedescendant="chosen-link"
        onKeyDown={move}
      >
        {links.map((link) => (
          <LinkItem key={link.id} link={link} isChosen={link.id === chosen.id} />
        ))}
      </ul>
    </div>
  );
}

function LinkItem({ link, isChosen }: { readonly link: Link; readonly isChosen: boolean }) {
  const { id, note, target, score } = link;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, and says which one is meant.
    <li
      class={`link-item ${isChosen ? 'is-chosen' : ''}`}
      role="option"
      id={isChosen ? 'chosen-link' : undefined}
      aria-selected={isChosen}
      onClick={() => choose(id)}
    >
      <bdi class="link-item-note" title={note.path}>
        {note.title}
      </bdi>
      <span class="link-item-sure quiet tabular">
        {percentOf(score)} %<span class="visually-hidden">, {strings.leadsTo}</span>
      </span>
      <span class="link-item-target quiet" title={target.path}>
        <span aria-hidden="true">→ </span>
        <bdi>{target.title}</bdi>
      </span>
    </li>
  );
}
