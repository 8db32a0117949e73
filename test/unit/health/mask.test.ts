import { describe, expect, test } from 'vitest';
import { masked, type Person } from '../../../main/daemon/health/doctor/mask.ts';
import { maskedConfiguration } from '../../../main/daemon/health/doctor/mask-configuration.ts';

const person: Person = { userFolder: '/home/erika', userName: 'erika', hostName: 'erikas-laptop' };
/** In each of these texts, HUNTER2 is what nobody may read. */
const SECRET = 'HUNTER2';

describe('masked', () => {
  const secrets = [
    'PASSWORD=HUNTER2',
    'export DB_PASSWORD="HUNTER2 and more"',
    "api_key: 'HUNTER2'",
    'apiKey = HUNTER2',
    '{"level":30,"token":"HUNTER2","msg":"x"}',
    '{"msg":"he said {\\"password\\":\\"HUNTER2\\"}"}',
    'curl -H "Authorization: Bearer HUNTER2" https://example.org',
    'Authorization: Basic SFVOVEVSMg==HUNTER2',
    'Authorization: Digest username="HUNTER2"',
    '{"authorization":"HUNTER2"}',
    'X-Api-Key: HUNTER2',
    'Cookie: session=HUNTER2; other=HUNTER2',
    'restic -r rest:https://me:HUNTER2@host/path',
    'postgres://HUNTER2@db/x',
    'curl -u erika:HUNTER2 https://example.org',
    'curl --user "erika:HUNTER2" x',
    'tool --password HUNTER2',
    'tool --password=HUNTER2 --other',
    "tool --auth-token 'HUNTER2'",
    'sshpass -p HUNTER2 ssh host',
    'mysqldump -u me -pHUNTER2 data',
    'passphrase: HUNTER2',
    'SSH_KEY=HUNTER2',
    '# old: SECRET_THING=HUNTER2',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nHUNTER2\nHUNTER2\n-----END OPENSSH PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\nHUNTER2 cut off',
    'ghp_HUNTER2abcdefgh',
    'xoxb-1234-HUNTER2',
    'sk-proj-HUNTER2HUNTER2',
    'eyJhbGciOi.eyJzdWIi.HUNTER2',
    'https://example.org/?a=1&token=HUNTER2&b=2',
    'mail to HUNTER2@example.org',
    'id aB3HUNTER2xyzKLM456nopQRS789',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYHUNTER2KEY',
  ];
  test.for(secrets)('%s', (text) => expect(masked(text, person)).not.toContain(SECRET));

  test('long hexadecimal strings and identifiers', () => {
    expect(masked('0123456789abcdef0123456789abcdef', person)).toBe('(masked)');
    expect(masked('boot 9f1c2d3e-1111-4222-8333-444455556666.', person)).not.toContain('4222');
  });

  test('the person, their folder and their computer', () => {
    expect(masked('/home/erika/notes and /home/erika', person)).toBe('~/notes and ~');
    expect(masked('/home/erika2/notes', person)).toBe('/home/(user)/notes');
    expect(masked('/Users/max/x C:\\Users\\max\\y', person)).toBe('/Users/(user)/x C:\\Users\\(user)\\y');
    expect(masked('Erika on erikas-laptop', person)).toBe('(user) on (host)');
    const windows = { userFolder: 'C:\\Users\\erika', userName: 'erika', hostName: '' };
    expect(masked('"C:\\\\Users\\\\erika\\\\x" C:\\Users\\Erika\\y', windows)).toBe('"~\\\\x" ~\\y');
  });

  test('what is of use stays', () => {
    for (const text of [
      'The lock /var/lib/soloist/daemon.lock is held by PID 4242.',
      'Daemon already running with PID 4242 (headless, since 09:14).',
      '{"level":30,"time":1764390338461,"msg":"the daemon runs","generation":12}',
      'author: somebody',
      'import-screenshots-from-the-folder-of-last-week',
      'daemon-2026-11-29.log -rw------- 1234',
      'keep: { runs: 1000, age: 90d }',
      'https://example.org/a/long/path/without/anything?page=2',
    ])
      expect(masked(text, person)).toBe(text);
  });
});

describe('maskedConfiguration', () => {
  const configurations: Readonly<Record<string, string>> = {
    'a mapping': 'jobs:\n  a:\n    run: x\n    env:\n      A: HUNTER2\n      B: HUNTER2\n    cwd: /keep\n',
    'a flow mapping': 'jobs: { a: { run: x, env: { A: HUNTER2, "B": "HUNTER2" }, cwd: /keep } }\n',
    'a flow mapping over lines':
      'jobs:\n  a: { env: { A: HUNTER2,\n    B: "HUNTER2, }",\n  C: HUNTER2 }, cwd: /keep }\n',
    'quoted keys': '"jobs":\n  a:\n    "env": { "A": "HUNTER2" }\n    \'cwd\': /keep\n',
    'a literal block':
      'jobs:\n  a:\n    env:\n      A: |\n        HUNTER2\n        B: HUNTER2\n    cwd: /keep\n',
    'a folded block with its indentation given': 'env:\n  A: >2-\n      HUNTER2\n    HUNTER2\ncwd: /keep\n',
    'quotes over lines': 'env:\n  A: "x\n    y: HUNTER2\n    HUNTER2"\ncwd: /keep\n',
    'a plain value over lines': 'env:\n  A: x\n    HUNTER2\n    HUNTER2\ncwd: /keep\n',
    'an anchor elsewhere': 'x: &shared { A: HUNTER2 }\njobs:\n  a:\n    env: *shared\n    cwd: /keep\n',
    'a merged mapping':
      'x: &shared\n  A: HUNTER2\njobs:\n  a:\n    env:\n      <<: *shared\n    cwd: /keep\n',
    'an anchored mapping': 'jobs:\n  a:\n    env: &e\n      A: HUNTER2\n    cwd: /keep\n',
    'a tag': 'env: !!map\n  A: !!str HUNTER2\ncwd: /keep\n',
    'a comment among them': 'env:\n  # HUNTER2\n  A: x # HUNTER2\n# HUNTER2 too\ncwd: /keep\n',
    'a comment on its line': 'env: # HUNTER2\n  A: x\ncwd: /keep\n',
    'env_file as a text': 'env_file: /etc/HUNTER2.env\ncwd: /keep\n',
    'env_file as a list': 'env_file:\n- /etc/HUNTER2.env\n- HUNTER2\ncwd: /keep\n',
    'env_file as a flow list': 'env_file: [HUNTER2,\n  "HUNTER2"]\ncwd: /keep\n',
    stdin: 'stdin: |\n  HUNTER2\n\n  HUNTER2\ncwd: /keep\n',
    'an explicit key': '? env\n: A: HUNTER2\ncwd: /keep\n',
    'an escaped key': '"\\x65nv": { A: HUNTER2 }\ncwd: /keep\n',
    'a secret of another key': 'jobs:\n  a:\n    webhook_token: HUNTER2\n    cwd: /keep\n',
    'a secret within a command': 'run: curl -H "Authorization: Bearer HUNTER2" x\ncwd: /keep\n',
    'tabs and carriage returns': 'env:\r\n  A: HUNTER2\r\ncwd: /keep\r\n',
  };
  test.for(Object.entries(configurations))('%s', ([, text]) => {
    const result = maskedConfiguration(text, person);
    expect(result).not.toContain(SECRET);
    expect(result).toContain('/keep');
  });

  const broken: Readonly<Record<string, string>> = {
    'a block': 'jobs: [\nenv:\n  A: HUNTER2\n  B: HUNTER2\n',
    'quotes that never end': 'env:\n  A: "HUNTER2\n  B: HUNTER2\ncwd: HUNTER2 }}',
    'braces that never end': 'a: }{\nenv: { A: HUNTER2\nB: HUNTER2\n',
    tabs: 'a: ]\nenv:\n\tA: HUNTER2\n\t\tHUNTER2\n',
    'a key twice': 'env: { A: HUNTER2 }\nenv:\n  A: HUNTER2\n',
    'braces on one line': 'jobs: { a: { env: { A: HUNTER2 }, env_file: HUNTER2, run: ] }\n',
    'a block of text': 'a: ]\nenv:\n  A: |\n    HUNTER2\n    B: HUNTER2\n',
    'a value without its name': 'a: ]\nenv: HUNTER2\n  HUNTER2\n',
  };
  test.for(Object.entries(broken))('broken: %s', ([name, text]) => {
    const result = maskedConfiguration(text, person);
    if (name === 'quotes that never end') expect(result.split('cwd:')[0]).not.toContain(SECRET);
    else expect(result).not.toContain(SECRET);
  });

  test('the names of variables stay, and everything that is no secret', () => {
    const text =
      '# my jobs\ntimezone: UTC\njobs:\n  a:\n    run: /home/erika/bin/x\n    env:\n      LEVEL: high\n      TOKEN: abc\n\n  b:\n    run: y\n';
    expect(maskedConfiguration(text, person)).toBe(
      '# my jobs\ntimezone: UTC\njobs:\n  a:\n    run: ~/bin/x\n    env:\n      LEVEL: (masked)\n      TOKEN: (masked)\n\n  b:\n    run: y\n',
    );
  });
});
