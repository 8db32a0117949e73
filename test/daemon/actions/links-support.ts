import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LinksSettings } from '../../../main/daemon/actions/action.ts';
import { type LinksJob, StoredLinks } from '../../../main/daemon/actions/links/decide.ts';
import { links } from '../../../main/daemon/actions/links/index.ts';
import type { SuggestionView } from '../../../main/daemon/actions/links/suggestion.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** Notes about three things, of which those about one have to do with each other. */
export const GARDEN: Readonly<Record<string, string>> = {
  'Tomatoes.md':
    '# Tomatoes\n\nTomato seedlings want warm soil, compost and a trellis. Water the seedlings in the greenhouse.\n',
  'Greenhouse.md':
    '# Greenhouse\n\nThe greenhouse keeps seedlings warm. Tomatoes and peppers grow in compost there, with a trellis.\n',
  'Compost.md': '# Compost\n\nCompost feeds the soil of the greenhouse: leaves, straw and patience.\n',
  'Violin.md':
    '# Violin\n\nThe bow draws the string; rosin gives it grip. Practise scales before the sonata.\n',
  'Sonata.md': '# Sonata\n\nA sonata for violin and piano: practise the slow scales with a light bow.\n',
  'Tax.md': '# Tax\n\nThe return is due in May; receipts lie in the blue folder.\n',
};

/** A vault in a new folder, with a job that suggests links in it. */
export class Vault {
  readonly folder = temporaryFolder();
  readonly state = temporaryFolder();
  readonly printed: string[] = [];
  readonly warned: string[] = [];
  readonly job: LinksJob;
  readonly links: StoredLinks;

  constructor(
    notes: Readonly<Record<string, string | Buffer>> = GARDEN,
    settings: Partial<LinksSettings> = {},
  ) {
    for (const [path, text] of Object.entries(notes)) this.write(path, text);
    this.job = {
      job: 'suggest-links',
      state: this.state,
      settings: {
        vault: this.folder,
        exclude: [],
        suggestions: 5,
        threshold: 0.2,
        section: '## Related',
        embeddings: undefined,
        ...settings,
      },
    };
    this.links = new StoredLinks(() => [this.job]);
  }

  write(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs the action; returns what it printed. */
  async run(settings: Partial<LinksSettings> = {}, signal = new AbortController().signal): Promise<string> {
    const lines: string[] = [];
    await links(
      { ...this.job.settings, ...settings },
      {
        job: this.job.job,
        files: [],
        state: this.state,
        signal,
        print: (line) => void lines.push(line),
        warn: (line) => void this.warned.push(line),
      },
    );
    this.printed.push(...lines);
    return lines.join('\n');
  }

  async waiting(): Promise<readonly SuggestionView[]> {
    return (await this.links.list({ state: 'waiting', limit: 1_000 })).links;
  }

  /** The targets that wait for a note, the likeliest first. */
  async targets(path: string): Promise<string[]> {
    return (await this.waiting()).filter(({ note }) => note.path === path).map(({ target }) => target.path);
  }

  /** The suggestion of one note for another. */
  async suggestion(note: string, target: string): Promise<SuggestionView> {
    const found = (await this.waiting()).find(
      (link) => link.note.path === note && link.target.path === target,
    );
    if (found === undefined) throw new Error(`${target} is not suggested for ${note}`);
    return found;
  }
}
