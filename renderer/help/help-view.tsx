import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { HelpTopic } from '../../main/control/app-calls.ts';
import { call } from '../state/calls.ts';
import { helpStrings as strings, windowStrings } from '../strings.ts';
import { openTopic, showTopic } from '../window/place.ts';
import { showFound } from './found-words.ts';
import { findTopics } from './search.ts';
import { TopicText } from './topic-text.tsx';

/** They are the program's own, and the same for as long as it runs. */
const topics = signal<readonly HelpTopic[]>([]);

/** What `soloist help` tells: topics to search, one of them to read. */
export function HelpView() {
  const search = useSignal('');
  const error = useSignal<Error | undefined>(undefined);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    if (topics.value.length > 0) return;
    call('help', {}).then(
      (answer) => {
        topics.value = answer.topics;
      },
      (reason: Error) => {
        error.value = reason;
      },
    );
  }, []);
  const found = findTopics(topics.value, search.value);
  const shown = topics.value.find(({ name }) => name === openTopic.value) ?? found[0];
  useEffect(() => {
    if (page.current !== null) showFound(page.current, search.value);
  }, [shown?.name, search.value]);
  return (
    <section class="view help" aria-label={windowStrings.views.help}>
      <nav class="help-topics" aria-label={strings.topics}>
        <input
          type="search"
          class="field"
          data-find
          aria-label={strings.search}
          placeholder={strings.search}
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === 'Enter' && first !== undefined) showTopic(first.name);
          }}
        />
        <p class="visually-hidden" role="status">
          {search.value === '' ? '' : strings.found(found.length)}
        </p>
        {error.value === undefined ? null : (
          <p class="notice is-error" role="alert">
            {error.value.message}
          </p>
        )}
        {found.length === 0 && search.value !== '' ? <p class="quiet">{strings.noMatch}</p> : null}
        <ul>
          {found.map(({ name, title }) => (
            <li key={name}>
              <button
                type="button"
                class="help-topic"
                aria-current={name === shown?.name ? 'true' : undefined}
                onClick={() => showTopic(name)}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {shown === undefined ? null : (
        <article class="help-page" ref={page} tabIndex={0} aria-label={shown.title}>
          <TopicText
            blocks={shown.blocks}
            isTopic={(name) => topics.value.some((one) => one.name === name)}
          />
          <p class="quiet">{strings.inTerminal(shown.name)}</p>
        </article>
      )}
    </section>
  );
}
