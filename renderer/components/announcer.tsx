import { signal } from '@preact/signals';

const said = signal({ text: '', times: 0 });

/** Has a screen reader say what a person cannot see happen. The same text twice is said twice. */
export function announce(text: string): void {
  said.value = { text, times: said.value.times + 1 };
}

/** Where `announce` speaks; once in a page. */
export function Announcer() {
  const { text, times } = said.value;
  return (
    <p class="visually-hidden" role="status">
      <span key={times}>{text}</span>
    </p>
  );
}
