import * as z from 'zod/mini';
import type { ActionCommand } from '../actions/action.ts';
import { count, described, flag, mapping, oneOrMore, optional, text, word } from './fields.ts';

/*
 * What `with:` of a job holds, by the action that `use:` names.
 */

const path = () => text('a path');
/** Fractions are text in a file, as `1.10` often is no number but a version. */
const share = () => {
  const error = 'a number from 0 to 1, such as 0.35';
  const written = z.string({ error }).check(z.regex(/^(?:[01]|0?\.\d{1,9}|1\.0{1,9})$/, { error }));
  const number = z.number({ error }).check(z.gte(0, { error }), z.lte(1, { error }));
  return z.union([number, z.pipe(written, z.transform(Number))], { error });
};

const screenshots = mapping(
  {
    vault: described(path(), 'The folder of notes.'),
    attachments: optional(path(), 'The folder for pictures, below the vault. Default: Media/Screenshots.'),
    note: optional(
      path(),
      'The note of a day, below the vault; {date:YYYY-MM-DD} is the day. Default: Daily/{date:YYYY-MM-DD}.md.',
    ),
    template: optional(path(), 'What a note that is missing begins as: a file below the vault.'),
    ocr: optional(flag(), 'Whether the text of a picture is recognised. Default: true.'),
    language: optional(
      text('a language such as eng'),
      'The language of that text, as tesseract names it. Default: eng.',
    ),
    // biome-ignore lint/suspicious/noThenProperty: it is the word that people write, and nothing awaits it.
    then: optional(word(['copy', 'move']), 'What becomes of the picture where it was. Default: copy.'),
  },
  'a mapping with "vault", such as { vault: ~/notes }',
);

const links = mapping(
  {
    vault: described(path(), 'The folder of notes.'),
    exclude: optional(
      oneOrMore(text('a pattern such as "Templates/**"'), 'a pattern, or a list of patterns'),
      'Notes to leave out, as patterns below the vault.',
    ),
    suggestions: optional(count(1, 50), 'The most suggestions for one note. Default: 5.'),
    threshold: optional(share(), 'The least similarity that is suggested, from 0 to 1. Default: 0.35.'),
    section: optional(
      text('a heading such as "## Related"'),
      'The heading below which accepted links are written. Default: ## Related.',
    ),
    embeddings: optional(
      mapping(
        {
          model: described(text('the name of a model'), 'The model, such as nomic-embed-text.'),
          url: optional(text('an address'), 'Where Ollama answers. Default: http://127.0.0.1:11434.'),
        },
        'a mapping with "model", such as { model: nomic-embed-text }',
      ),
      'Compare notes by what a local Ollama makes of them, where it answers.',
    ),
  },
  'a mapping with "vault", such as { vault: ~/notes }',
);

export const withValues = { screenshots, links } as const;

/** What an editor completes from; which of them it has to be, `use` decides. */
export const withAny = z.record(z.string(), z.unknown(), {
  error: 'a mapping of settings, such as { vault: ~/notes }',
});

/** The settings of an action, checked. */
export type ActionValues = z.output<typeof screenshots> | z.output<typeof links>;

type Absolute = (written: string) => string;

/** Fills in what is left out, given the values of an action that were checked already. */
export function actionCommand(
  use: keyof typeof withValues,
  values: ActionValues,
  absolute: Absolute,
): ActionCommand {
  if (use === 'screenshots') {
    const given = values as z.output<typeof screenshots>;
    return {
      kind: 'action',
      action: 'screenshots',
      settings: {
        vault: absolute(given.vault),
        attachments: given.attachments ?? 'Media/Screenshots',
        note: given.note ?? 'Daily/{date:YYYY-MM-DD}.md',
        template: given.template,
        ocr: given.ocr ?? true,
        language: given.language ?? 'eng',
        afterwards: given.then ?? 'copy',
      },
    };
  }
  const given = values as z.output<typeof links>;
  const { embeddings } = given;
  return {
    kind: 'action',
    action: 'links',
    settings: {
      vault: absolute(given.vault),
      exclude: typeof given.exclude === 'string' ? [given.exclude] : (given.exclude ?? []),
      suggestions: given.suggestions ?? 5,
      threshold: given.threshold ?? 0.35,
      section: given.section ?? '## Related',
      embeddings: embeddings && { model: embeddings.model, url: embeddings.url ?? 'http://127.0.0.1:11434' },
    },
  };
}

/** The settings of an action as they are written in a file that leaves nothing to defaults. */
export function actionValues({ settings }: ActionCommand): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0)
        ? []
        : [[key === 'afterwards' ? 'then' : key, value]],
    ),
  );
}
