import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { linkStrings as strings } from '../strings/links.ts';
import type { Link } from './choice.ts';
import { markedText, type Piece } from './marks.ts';

interface NotePaneProps {
  /** What the note has to do with the link. */
  readonly role: string;
  readonly reference: Link['note'];
  /** Null of a note that is gone. */
  readonly text: string | null;
  readonly passage: string;
  readonly terms: readonly string[];
}

/** What a note says, as it is written: text in elements, never markup. Scrolled to its passage. */
export function NotePane({ role, reference, text, passage, terms }: NotePaneProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const mark = useRef<HTMLElement>(null);
  const marked = useMemo(() => markedText(text ?? '', passage, terms), [text, passage, terms.join('\n')]);
  useLayoutEffect(() => {
    const pane = scroller.current;
    const found = mark.current;
    if (pane === null || found === null) return;
    const above = found.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += above - pane.clientHeight / 4;
  }, [text]);
  const { title, path } = reference;
  const name =
    passage === '' && role === strings.target ? strings.targetText(title) : strings.noteText(title);
  return (
    <div class="note-pane">
      <h3>
        <span class="quiet">{role}</span> <bdi>{title}</bdi>
        <bdi class="note-path quiet" dir="ltr">
          {path}
        </bdi>
      </h3>
      <div class="note-text" ref={scroller} role="region" aria-label={name} tabIndex={0}>
        {text === null || text.trim() === '' ? (
          <p class="quiet">{text === null ? strings.gone : strings.blank}</p>
        ) : (
          <>
            {shown(marked.before)}
            {marked.passage.length === 0 ? null : (
              <mark class="note-passage" ref={mark}>
                {shown(marked.passage)}
              </mark>
            )}
            {shown(marked.after)}
          </>
        )}
      </div>
    </div>
  );
}

const shown = (pieces: readonly Piece[]) =>
  pieces.map(({ text, isTerm }) => (isTerm ? <mark class="note-term">{text}</mark> : text));
