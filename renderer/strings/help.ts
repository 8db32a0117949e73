/** Of the help. */
export const helpStrings = {
  topics: 'Topics',
  search: 'Search the help',
  found: (count: number) => (count === 1 ? '1 topic' : `${count} topics`),
  noMatch: 'No topic speaks of that.',
  inTerminal: (topic: string) => `In a terminal: soloist help ${topic}`,
  /** What a sign beside it opens. */
  of: (about: string) => `Help: ${about}`,
  one: 'one daemon only',
  configuration: 'the configuration',
};
