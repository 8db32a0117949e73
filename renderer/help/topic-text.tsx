import type { JSX } from 'preact';
import type { HelpBlock } from '../../main/control/app-calls.ts';
import { showTopic } from '../window/place.ts';
import { type Piece, piecesOf } from './search.ts';

interface TopicTextProps {
  readonly blocks: readonly HelpBlock[];
  readonly isTopic: (name: string) => boolean;
}

/** A topic, drawn: nothing of its text is taken for anything but text. */
export function TopicText({ blocks, isTopic }: TopicTextProps) {
  const inline = (text: string) => <Inline text={text} isTopic={isTopic} />;
  return (
    <>
      {blocks.map((block, index) => (
        <BlockText key={index} block={block} inline={inline} />
      ))}
    </>
  );
}

interface BlockProps {
  readonly block: HelpBlock;
  readonly inline: (text: string) => JSX.Element;
}

function BlockText({ block, inline }: BlockProps) {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? <h2>{inline(block.text)}</h2> : <h3>{inline(block.text)}</h3>;
    case 'paragraph':
      return <p>{inline(block.text)}</p>;
    case 'list':
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>{inline(item)}</li>
          ))}
        </ul>
      );
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.lines.join('\n')}</code>
        </pre>
      );
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {block.titles.map((title) => (
                <th key={title} scope="col">
                  {inline(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row.join('|')}>
                {row.map((cell, index) =>
                  index === 0 ? (
                    <th key={cell} scope="row">
                      {inline(cell)}
                    </th>
                  ) : (
                    <td key={cell}>{inline(cell)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

function Inline({ text, isTopic }: { readonly text: string; readonly isTopic: (name: string) => boolean }) {
  return (
    <>
      {piecesOf(text, isTopic).map((piece, index) => (
        <PieceText key={`${index} ${piece.text}`} piece={piece} />
      ))}
    </>
  );
}

function PieceText({ piece }: { readonly piece: Piece }) {
  switch (piece.kind) {
    case 'plain':
      return <>{piece.text}</>;
    case 'bold':
      return <strong>{piece.text}</strong>;
    case 'code':
      return <code>{piece.text}</code>;
    case 'topic':
      return (
        <button type="button" class="link" onClick={() => showTopic(piece.topic)}>
          <code>{piece.text}</code>
        </button>
      );
  }
}
