import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RunOutput } from '../../../main/daemon/run/output.ts';
import { settleFile } from '../../../main/daemon/run/output-file.ts';
import { cutSentence, layOut, parseIndex } from '../../../main/daemon/run/output-index.ts';
import {
  lastLines,
  type OutputPart,
  readLastLines,
  readOutput,
  removeOutput,
  showOutput,
} from '../../../main/daemon/run/output-read.ts';
import { type OpenOutputFile, openOutputFile } from '../../../main/daemon/run/output-segment.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function newFile(): string {
  return join(folder, `${++count}.log`);
}

/** Files of an output, the text's name replaced by nothing. */
function filesOf(file: string): string[] {
  const names = readdirSync(folder).map((name) => join(folder, name));
  return names
    .filter((name) => name === file || name.startsWith(`${file}.`))
    .map((name) => name.slice(file.length));
}

async function read(file: string, from = 0): Promise<OutputPart[]> {
  const parts: OutputPart[] = [];
  for await (const part of readOutput(file, { from })) parts.push(part);
  return parts;
}

function lengthOf(part: OutputPart): number {
  return part.kind === 'text' ? part.bytes.length : part.length;
}

/** Checks that parts tell of every byte once, in order, and that their text is what was written there. */
function expectFaithful(parts: readonly OutputPart[], written: Uint8Array, from = 0): void {
  let reached = from;
  for (const part of parts) {
    expect(part.offset).toBe(reached);
    if (part.kind === 'text')
      expect(Buffer.compare(part.bytes, written.subarray(reached, reached + part.bytes.length))).toBe(0);
    reached += lengthOf(part);
  }
  expect(reached).toBe(written.length);
}

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 60 });

describe('RunOutput', () => {
  it('keeps the text as it came, binary too, and beside it times and streams', async () => {
    const file = newFile();
    let now = 1_000;
    const output = new RunOutput({ file, limit: 1_000, now: () => now });
    await output.write('stdout', Buffer.from('one\n'));
    now += 5;
    await output.write('stderr', Buffer.from([0, 255, 10, 13, 0xc3]));
    await output.write('stderr', Buffer.from('same moment\n'));
    expect(await output.finish()).toEqual({ bytes: 21, cuts: [], problem: undefined });
    const whole = Buffer.concat([
      Buffer.from('one\n'),
      Buffer.from([0, 255, 10, 13, 0xc3]),
      Buffer.from('same moment\n'),
    ]);
    expect(readFileSync(file)).toEqual(whole);
    const parts = await read(file);
    expectFaithful(parts, whole);
    expect(parts.map((part) => part.kind === 'text' && [part.offset, part.at, part.stream])).toEqual([
      [0, 1_000, 'stdout'],
      [4, 1_005, 'stderr'],
    ]);
    expect(filesOf(file)).toEqual(['', '.index']);
  });

  it('makes no file for a run that writes nothing', async () => {
    const file = newFile();
    const output = new RunOutput({ file, limit: 1_000 });
    expect(await output.finish()).toEqual({ bytes: 0, cuts: [], problem: undefined });
    expect(filesOf(file)).toEqual([]);
    expect(await read(file)).toEqual([]);
    expect(await readLastLines(file, 10)).toEqual([]);
    await removeOutput(file);
  });

  it('keeps all up to the limit, and beyond it the first and the last part, and says what it cut', async () => {
    const property = fc.asyncProperty(chunks, fc.integer({ min: 4, max: 3_000 }), async (chunks, limit) => {
      const file = newFile();
      const output = new RunOutput({ file, limit });
      for (const chunk of chunks) void output.write('output', chunk);
      const summary = await output.finish();
      const written = Buffer.concat(chunks);
      const parts = await read(file);
      expectFaithful(parts, written);
      expect(summary.bytes).toBe(written.length);
      expect(summary.cuts).toEqual(parts.filter((part) => part.kind === 'cut'));
      expect(summary.cuts.length).toBeLessThanOrEqual(1);
      const cut = summary.cuts.at(0);
      const kept = written.length - (cut?.length ?? 0);
      expect(kept).toBeLessThanOrEqual(limit + 1);
      if (written.length <= limit - 2) expect(cut).toBeUndefined();
      if (cut === undefined) return;
      expect(cut).toMatchObject({ reason: 'limit', offset: Math.ceil(limit / 2) });
      const tail = written.length - cut.offset - cut.length;
      expect(tail).toBeGreaterThanOrEqual(Math.floor(limit / 4));
      await removeOutput(file);
      expect(filesOf(file)).toEqual([]);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('costs a bounded piece of disk, the index included, however much comes in however small pieces', async () => {
    const file = newFile();
    let now = 0;
    const output = new RunOutput({ file, limit: 100_000, now: () => now++ });
    for (let line = 0; line < 50_000; line++) void output.write('output', Buffer.from(`${line}\n`));
    await output.finish();
    const sizes = filesOf(file).map((name) => readFileSync(file + name).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(sizes).toHaveLength(6);
    expect(total).toBeLessThan(350_000);
    const last = (await readLastLines(file, 2)).map(
      (part) => part.kind === 'text' && String(Buffer.from(part.bytes)),
    );
    expect(last.join('')).toBe('49998\n49999\n');
  });

  it('can be read by somebody else at any time while it is written', async () => {
    const file = newFile();
    const output = new RunOutput({ file, limit: 4_000 });
    const written: Uint8Array[] = [];
    for (let line = 0; line < 3_000; line++) {
      const chunk = Buffer.from(`line ${line}\n`);
      written.push(chunk);
      const done = output.write('output', chunk);
      if (line % 100 !== 0) continue;
      const parts = await read(file);
      const reached = parts.reduce((sum, part) => sum + lengthOf(part), 0);
      expectFaithful(parts, Buffer.concat(written).subarray(0, reached));
      await done;
      expectFaithful(await read(file), Buffer.concat(written));
    }
    await output.finish();
    expectFaithful(await read(file, 20_000), Buffer.concat(written), 20_000);
  });
});

describe('RunOutput.follow', () => {
  async function follow(output: RunOutput, pause: () => Promise<void>): Promise<OutputPart[]> {
    const parts: OutputPart[] = [];
    for await (const part of output.follow()) {
      parts.push(part);
      await pause();
    }
    return parts;
  }

  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('tells everything once and in order, from wherever it begins, and ends with the run', async () => {
    const property = fc.asyncProperty(chunks, fc.nat(60), async (chunks, begin) => {
      const output = new RunOutput({ file: newFile(), limit: 1_000_000 });
      const followers: Promise<OutputPart[]>[] = [];
      for (const [index, chunk] of chunks.entries()) {
        if (index === begin)
          followers.push(
            follow(output, turn),
            follow(output, async () => {}),
          );
        void output.write('output', chunk);
        if (index % 7 === 0) await turn();
      }
      followers.push(follow(output, turn));
      await output.finish();
      followers.push(follow(output, turn));
      for (const parts of await Promise.all(followers)) {
        expectFaithful(parts, Buffer.concat(chunks));
        expect(parts.every((part) => part.kind === 'text')).toBe(true);
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('tells one that does not keep up what it missed', async () => {
    const output = new RunOutput({ file: newFile(), limit: 2_000_000 });
    const slow = follow(output, () => new Promise((resolve) => setTimeout(resolve, 2)));
    const written: Uint8Array[] = [];
    for (let part = 0; part < 400; part++) {
      const chunk = Buffer.alloc(50_000, part);
      written.push(chunk);
      await output.write('output', chunk);
    }
    await output.finish();
    const parts = await slow;
    expectFaithful(parts, Buffer.concat(written));
    expect(parts.some((part) => part.kind === 'cut')).toBe(true);
  });

  it('stops listening when its reader does', async () => {
    const output = new RunOutput({ file: newFile(), limit: 1_000 });
    await output.write('output', Buffer.from('x'));
    for await (const part of output.follow()) {
      expect(part.kind).toBe('text');
      break;
    }
    await output.finish();
  });
});

describe('a disk that is full', () => {
  /** Files that fail to grow, and to appear, while `isFull` says so; before that, a write may be short. */
  function limitedDisk(isFull: () => boolean): OpenOutputFile {
    const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return async (path) => {
      if (isFull()) throw full();
      const file = await openOutputFile(path);
      return {
        write(buffer, offset, length, position) {
          if (isFull()) return Promise.reject(full());
          return file.write(buffer, offset, Math.ceil(length / 2), position);
        },
        close: () => file.close(),
      };
    };
  }

  it('cuts the output, says so, and goes on when there is room again', async () => {
    const file = newFile();
    let now = 0;
    let isFull = false;
    const output = new RunOutput({ file, limit: 100_000, now: () => now, open: limitedDisk(() => isFull) });
    await output.write('output', Buffer.from('before\n'));
    isFull = true;
    await output.write('output', Buffer.from('lost\n'));
    isFull = false;
    await output.write('output', Buffer.from('lost as well, it is too early to try again\n'));
    now += 1_000;
    await output.write('output', Buffer.from('after\n'));
    const summary = await output.finish();
    const cut = { kind: 'cut', offset: 7, length: 48, reason: 'disk' } as const;
    expect(summary).toEqual({ bytes: 61, cuts: [cut], problem: 'ENOSPC: no space left on device' });
    expect(String(await showOutput(readOutput(file)))).toBe(`before\n${cutSentence(cut)}\nafter\n`);
  });

  it('from the beginning to the end leaves nothing but the news', async () => {
    const file = newFile();
    const output = new RunOutput({ file, limit: 100_000, open: limitedDisk(() => true) });
    await output.write('output', Buffer.from('lost'));
    const summary = await output.finish();
    expect(summary.cuts).toEqual([{ kind: 'cut', offset: 0, length: 4, reason: 'disk' }]);
    expect(summary.problem).toContain('ENOSPC');
    expect(filesOf(file)).toEqual([]);
  });

  it('at any moments, with writes that are cut short, leaves an output that tells of every byte', async () => {
    const moments = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    const property = fc.asyncProperty(
      chunks,
      moments,
      fc.integer({ min: 4, max: 5_000 }),
      async (chunks, full, limit) => {
        const file = newFile();
        let now = 0;
        let asked = 0;
        const isFull = (): boolean => full[asked++ % full.length] === true;
        const output = new RunOutput({ file, limit, now: () => now, open: limitedDisk(isFull) });
        for (const chunk of chunks) {
          await output.write('output', chunk);
          now += 400;
        }
        const summary = await output.finish();
        const written = Buffer.concat(chunks);
        expect(summary.bytes).toBe(written.length);
        const parts = await read(file);
        // The last loss is in the summary only, if the index could not be written any more.
        const reached = parts.reduce((sum, part) => sum + lengthOf(part), 0);
        expectFaithful(parts, written.subarray(0, reached));
        const lost = summary.cuts.reduce((sum, cut) => sum + cut.length, 0);
        const kept = parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.bytes.length : 0), 0);
        expect(kept + lost).toBe(written.length);
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });
});

describe('a file that a run wrote itself', () => {
  it('is brought within the limit, and tells what was cut', async () => {
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 5_000 }),
      fc.integer({ min: 4, max: 5_000 }),
      async (written, limit) => {
        const file = newFile();
        writeFileSync(file, written);
        const summary = await settleFile(file, limit);
        const parts = await read(file);
        expectFaithful(parts, written);
        expect(summary.bytes).toBe(written.length);
        expect(summary.cuts.length).toBe(written.length > limit ? 1 : 0);
        const kept = parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.bytes.length : 0), 0);
        expect(kept).toBe(Math.min(written.length, limit));
        await removeOutput(file);
        expect(filesOf(file)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('lastLines', () => {
  const text = (bytes: string, offset: number): OutputPart => ({
    kind: 'text',
    offset,
    at: 0,
    stream: 'output',
    bytes: Buffer.from(bytes),
  });

  it('finds the last lines, however the text is divided into parts', () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 6 }), (pieces, lines) => {
        const whole = pieces.join('');
        let offset = 0;
        const parts = pieces.map((piece) => {
          const part = text(piece, offset);
          offset += piece.length;
          return part;
        });
        const found = lastLines(parts, lines);
        const shown = found.map((part) => (part.kind === 'text' ? String(part.bytes) : '')).join('');
        const all = whole.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        expect(shown).toBe(all.slice(-lines).join(''));
        if (found[0] !== undefined) expect(found[0].offset).toBe(whole.length - shown.length);
      }),
    );
  });

  it('keeps the news of a cut among them', () => {
    const cut = { kind: 'cut', offset: 4, length: 10, reason: 'limit' } as const;
    const parts = [text('a\nb\n', 0), cut, text('c\nd\n', 14)];
    expect(lastLines(parts, 1)).toEqual([text('d\n', 16)]);
    // Who knows where the line began that ends behind the cut.
    expect(lastLines(parts, 2)).toEqual([cut, text('c\nd\n', 14)]);
    expect(lastLines(parts, 3)).toMatchObject([{ offset: 2 }, cut, { offset: 14 }]);
  });
});

describe('the index', () => {
  it('is read up to a line that was not written to its end', () => {
    const whole = '{"offset":0,"at":5,"stream":"output"}\n{"tail":7}\n';
    expect(parseIndex(whole)).toHaveLength(2);
    expect(parseIndex(`${whole}{"offset":12,"at`)).toEqual(parseIndex(whole));
    expect(parseIndex(`${whole}{"offset":12,"cut":"limit","bytes":3}`)).toEqual(parseIndex(whole));
  });

  it('never fails, whatever is in it', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => Array.isArray(parseIndex(text))));
    fc.assert(fc.property(fc.json(), (line) => Array.isArray(parseIndex(`${line}\n`))));
  });

  it('says nothing of bytes that are not in the text', () => {
    const records = parseIndex(
      '{"offset":0,"at":5,"stream":"output"}\n{"offset":9,"at":6,"stream":"output"}\n',
    );
    expect(layOut([{ file: 'f', offset: 0, records, length: 4 }])).toMatchObject([
      { offset: 0, length: 4, at: 5 },
    ]);
  });

  it('says in words what is missing', () => {
    const sentence = (length: number): string =>
      cutSentence({ kind: 'cut', offset: 0, length, reason: 'limit' });
    expect(sentence(999)).toContain('999 bytes');
    expect(sentence(1_000)).toContain('1.0 kB');
    expect(sentence(990_000_000)).toContain('990.0 MB');
    expect(sentence(12_340_000_000_000_000)).toContain('12340.0 TB');
  });
});
