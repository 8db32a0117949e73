import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker as Thread } from 'node:worker_threads';
import type TesseractPackage from 'tesseract.js';
import { SoloistError } from '../../errors.ts';
import { reasonOf } from '../../home.ts';
import type { RecognisedText } from './entry.ts';
import type { Picture } from './picture.ts';

type Tesseract = typeof TesseractPackage;
type Worker = Tesseract.Worker;

export interface Recogniser {
  /** The text of a picture. Never throws for what is wrong with the picture: the entry in the note says it. */
  recognise(picture: Picture, signal: AbortSignal): Promise<RecognisedText>;
  /** Ends the worker; it begins again when it is needed. */
  end(): Promise<void>;
}

export interface Limits {
  /** Milliseconds for one picture. */
  readonly time: number;
  /** Of a picture, in the memory of which each takes several bytes. */
  readonly pixels: number;
}

const usual: Limits = { time: 60_000, pixels: 40_000_000 };

/** Recognition is surer than this (of 100) of a line of text; of an icon or a photograph it is less so. */
const LEAST_CONFIDENCE = 40;
/** Tesseract's newer engine, the only one that the data is for. */
const LSTM_ONLY = 1;

const require = createRequire(import.meta.url);

/**
 * Recognises text by tesseract.js in one worker, without ever asking the network. `language` is as tesseract names it,
 * several with `+` between; `state` is a folder for data. Throws a `SoloistError` if a language is not installed.
 */
export function createRecogniser(language: string, state: string, limits: Limits = usual): Recogniser {
  const data = languageData(language, state);
  let running: Running | undefined;
  let onFault: (error: Error) => void = () => {};

  const end = async (): Promise<void> => {
    const former = running;
    running = undefined;
    await former?.stop();
  };

  return {
    end,
    async recognise({ bytes, width, height }, signal) {
      if (width * height > limits.pixels)
        return { kind: 'failed', reason: `the picture is too large (${width} × ${height})` };
      if (signal.aborted) return { kind: 'failed', reason: 'the run was ended' };
      const fault = new Promise<never>((_, reject) => {
        onFault = reject;
      });
      fault.catch(() => {});
      const tooLong = (): void => onFault(new Error(`it took longer than ${limits.time / 1_000} s`));
      const timer = setTimeout(tooLong, limits.time);
      const abort = (): void => onFault(new Error('the run was ended'));
      signal.addEventListener('abort', abort, { once: true });
      try {
        running ??= startWorker(language, data, (error) => onFault(error));
        const result = running.worker.then((worker) =>
          worker.recognize(bytes, {}, { text: true, blocks: true }),
        );
        // Of the two, the other may fail later, when nobody waits for it.
        result.catch(() => {});
        const { data: page } = await Promise.race([result, fault]);
        return { kind: 'text', text: sureText(page) };
      } catch (error) {
        // It may be in any state; the next picture gets a new one.
        await end();
        return { kind: 'failed', reason: typeof error === 'string' ? error : reasonOf(error) };
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      }
    },
  };
}

interface Running {
  /** Never settles if the worker cannot begin; `onFault` is told then. */
  readonly worker: Promise<Worker>;
  stop(): Promise<void>;
}

function startWorker(language: string, langPath: string, onFault: (error: Error) => void): Running {
  const { createWorker } = require('tesseract.js') as Tesseract;
  let isStopped = false;
  let thread: Thread | undefined;
  // tesseract.js gives its thread away only once it has begun, and what a thread throws would end this process.
  process.once('worker', (one) => {
    thread = one;
    one.on('error', onFault);
    if (isStopped) void one.terminate();
  });
  const worker = createWorker(language, LSTM_ONLY, {
    langPath,
    gzip: true,
    // Neither reads nor leaves data in the folder that the process happens to be in.
    cacheMethod: 'none',
    errorHandler(reason: unknown) {
      // It is of no use any more, and what it says after a failure, nothing there expects.
      thread?.removeAllListeners('message');
      onFault(new Error(String(reason)));
    },
  });
  worker.catch(() => {});
  return {
    worker,
    async stop() {
      isStopped = true;
      thread?.removeAllListeners('message');
      await thread?.terminate();
    },
  };
}

function sureText(page: TesseractPackage.Page): string {
  const paragraphs = page.blocks?.flatMap((block) => block.paragraphs) ?? [];
  return paragraphs
    .map(({ lines }) =>
      lines.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE).map(({ text }) => text.trim()),
    )
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The folder with the data of the languages. */
function languageData(language: string, state: string): string {
  const codes = language.split('+');
  const files = codes.map((code) => ({ name: `${code}.traineddata.gz`, folder: installedData(code, state) }));
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.folder;
  // tesseract.js looks for all languages in one folder.
  const together = join(state, 'languages');
  mkdirSync(together, { recursive: true });
  for (const { name, folder } of files) copyFileSync(join(folder, name), join(together, name));
  return together;
}

function installedData(code: string, state: string): string {
  if (!/^[A-Za-z]+(?:_[A-Za-z]+)*$/.test(code)) {
    throw new SoloistError({
      code: 'language-unknown',
      message: `'${code}' is not the name of a language.`,
      hint: "Languages are named as tesseract names them: 'eng', 'deu', or several such as 'eng+deu'.",
    });
  }
  const name = `@tesseract.js-data/${code}`;
  try {
    const root = packageFolder(name, state);
    const folder = ['4.0.0_best_int', '4.0.0']
      .map((version) => join(root, version))
      .find((one) => existsSync(join(one, `${code}.traineddata.gz`)));
    if (folder !== undefined) return folder;
    throw new Error(`the package ${name} holds no data`);
  } catch (error) {
    throw new SoloistError(
      {
        code: 'language-not-installed',
        message: `The language '${code}' for text recognition is not installed.`,
        hint: `Install it: npm install --prefix '${state}' ${name}. Or choose another language, or 'ocr: false'.`,
      },
      { cause: error },
    );
  }
}

/** Of a package that came with Soloist, or was installed beside it, or in the folder for data. Throws if there is none. */
function packageFolder(name: string, state: string): string {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return dirname(require.resolve(`${name}/package.json`, { paths: [state] }));
  }
}
