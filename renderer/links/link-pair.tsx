import { jobNames } from '../state/jobs.ts';
import { linkDetails } from '../state/links.ts';
import { linkStrings as strings } from '../strings/links.ts';
import { showJob } from '../window/place.ts';
import type { Link } from './choice.ts';
import { passageIn } from './marks.ts';
import { NotePane } from './note-pane.tsx';
import { percentOf } from './sureness.ts';

/** One suggestion: why, and both notes beside each other. */
export function LinkPair({ link }: { readonly link: Link }) {
  const { id, note, target, score, job, terms, passage } = link;
  const known = linkDetails.value;
  const details = known.id === id && known.state === 'known' ? known.details : undefined;
  const isRefused = known.id === id && known.state === 'refused';
  const isInNote = details?.noteText != null && passageIn(details.noteText, passage) !== undefined;
  return (
    <div class="link-pair">
      <header class="link-header">
        <h2 aria-label={strings.pair(note.title, target.title)}>
          <bdi>{note.title}</bdi> <span aria-hidden="true">→</span> <bdi>{target.title}</bdi>
        </h2>
        <p class="quiet tabular">
          {strings.sure(percentOf(score))}. {strings.by}{' '}
          {jobNames.value.includes(job) ? (
            <button type="button" class="link" onClick={() => showJob(job)}>
              <bdi>{job}</bdi>
            </button>
          ) : (
            <bdi>{job}</bdi>
          )}
        </p>
        {terms.length === 0 ? (
          <p>{strings.whyNone}</p>
        ) : (
          <div class="link-why">
            <span id="link-why">{strings.why}</span>
            <ul class="link-terms" aria-labelledby="link-why">
              {terms.map((term) => (
                <li key={term}>
                  <bdi>{term}</bdi>
                </li>
              ))}
            </ul>
          </div>
        )}
        {passage === '' || details === undefined || isInNote ? null : (
          <p class="link-passage">
            {strings.passage} <q dir="auto">{passage}</q>
          </p>
        )}
      </header>
      {details !== undefined ? (
        <div class="link-notes">
          <NotePane
            role={strings.note}
            reference={note}
            text={details.noteText}
            passage={passage}
            terms={terms}
          />
          <NotePane
            role={strings.target}
            reference={target}
            text={details.targetText}
            passage=""
            terms={terms}
          />
        </div>
      ) : isRefused ? (
        <div class="empty">
          <h3>{strings.notesRefused}</h3>
          <p>{known.error.message}</p>
        </div>
      ) : (
        <div class="empty">
          <p role="status">{strings.loadingNotes}</p>
        </div>
      )}
    </div>
  );
}
