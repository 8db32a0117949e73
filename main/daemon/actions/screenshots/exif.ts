import type { WallTime } from './name.ts';

const DATE_TIME = 0x0132;
const EXIF_FOLDER = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;

/** When a picture was taken, from its Exif block (which begins with the header of a TIFF file); undefined if it does not say. */
export function exifTime(block: Buffer): WallTime | undefined {
  try {
    const order = block.toString('latin1', 0, 2);
    if (order !== 'II' && order !== 'MM') return undefined;
    const read = reader(block, order === 'II');
    const first = read.entries(read.long(4));
    const inner = first.get(EXIF_FOLDER);
    const original = inner === undefined ? undefined : read.entries(inner).get(DATE_TIME_ORIGINAL);
    const at = original ?? first.get(DATE_TIME);
    return at === undefined ? undefined : parse(block.toString('latin1', at, at + 19));
  } catch (error) {
    // Cut, or written by a program that counts otherwise.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function reader(block: Buffer, little: boolean) {
  const short = (at: number): number => (little ? block.readUInt16LE(at) : block.readUInt16BE(at));
  const long = (at: number): number => (little ? block.readUInt32LE(at) : block.readUInt32BE(at));
  /** The value, or where it stands, of each entry of a folder by its tag. */
  const entries = (at: number): Map<number, number> => {
    const found = new Map<number, number>();
    for (let n = 0; n < short(at); n++) found.set(short(at + 2 + 12 * n), long(at + 10 + 12 * n));
    return found;
  };
  return { long, entries };
}

function parse(text: string): WallTime | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number) ?? [];
  const possible = year >= 1990 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return possible && hour < 24 && minute < 60 && second < 60
    ? { year, month, day, hour, minute, second }
    : undefined;
}
