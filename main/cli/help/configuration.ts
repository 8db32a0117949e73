import { likelyWord } from '../../daemon/config/likely.ts';
import { keysNamed, referenceKeys, referenceMarkdown } from '../../daemon/config/reference.ts';
import { SoloistError } from '../../daemon/errors.ts';
import type { CommandResult } from '../command.ts';
import { inTerminal, type Look } from './in-terminal.ts';
import { CONFIGURATION, type Topic } from './topics.ts';

const INTRODUCTION = `Keys of jobs stand below the job's name in \`jobs\`; those that may also stand in \`defaults\` apply to every job that does not
say otherwise. Durations are written \`90s\`, \`15m\` or \`1h30m\`, sizes \`500kB\` or \`10MB\`. \`soloist config check\` says what is wrong
in a file, and editors complete from the schema that \`soloist config schema\` prints.`;

/**
 * `soloist help configuration [KEY]`: what the schema says of all keys, or of those of this name. Throws a `SoloistError` if
 * there is none of it.
 */
export function configurationHelp(key: string, look: Look): CommandResult {
  const keys = key === '' ? referenceKeys() : keysNamed(key);
  if (keys.length === 0) throw unknownKey(key);
  const topic =
    key === '' ? configurationTopic() : { ...CONFIGURATION, markdown: `${referenceMarkdown(keys)}\n` };
  return {
    exitCode: 0,
    text: inTerminal(topic.markdown, look),
    data: { command: null, topic, keys },
  };
}

/** The topic that is made from the schema. */
export function configurationTopic(): Topic {
  const reference = referenceMarkdown(referenceKeys());
  return { ...CONFIGURATION, markdown: `# ${CONFIGURATION.title}\n\n${INTRODUCTION}\n\n${reference}\n` };
}

function unknownKey(key: string): SoloistError {
  const names = referenceKeys().flatMap(({ name }) => [name, name.split('.').at(-1) ?? '']);
  const likely = likelyWord(key, names);
  return new SoloistError({
    code: 'usage',
    message: `soloist.yaml has no key '${key}'.`,
    hint: likely === undefined ? "'soloist help configuration' lists all keys." : `Did you mean "${likely}"?`,
  });
}
