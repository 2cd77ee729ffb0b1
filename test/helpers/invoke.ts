import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type OpenRequest, openSettings } from '../../src/lambda/open-settings.ts';
import { startFunction } from '../../src/lambda/start-function.ts';
import type {
  FunctionError,
  Invocation,
  LocalFunction,
  LocalOptions,
  Outcome,
} from '../../src/lambda/types.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { memoryFile, withRoom } from '../zip/fixtures.ts';
import type { Files } from './project.ts';

/** The CPU of this machine, in the words of the house. */
export const HOST_ARCH = process.arch === 'arm64' ? 'arm64' : 'x64';

export interface Invoked {
  /** Parsed where it is JSON; null where there is none. */
  readonly answer: unknown;
  readonly error: FunctionError | null;
  readonly invocation: Invocation;
  /** All that was told, with the lines of Lambda. */
  readonly log: string;
}

export interface LocalWishes extends Partial<Omit<OpenRequest, 'artifact'>> {
  readonly cacheDir?: string | null;
  /** Of the host. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly onLog?: (text: string) => void;
  readonly isolation?: LocalOptions['isolation'];
  readonly initLimitMs?: number;
  /** Content of the manifest beside the zip. */
  readonly manifest?: string | object;
  /** Name of the zip. */
  readonly name?: string;
}

export interface InvokeSettings extends LocalWishes {
  readonly event?: unknown;
}

/** A function that is ready, with what it printed so far and its folder. */
export interface Lab {
  readonly fn: LocalFunction;
  readonly dir: string;
  readonly log: () => string;
}

/** Zips the files and runs the zip on the Node.js that runs the tests, whatever the runtime: nothing is fetched. */
export async function withLocalFunction<T>(
  files: Files,
  wishes: LocalWishes,
  use: (lab: Lab) => Promise<T>,
): Promise<T> {
  const box: { result: T }[] = [];
  await withRoom(async room => {
    const { manifest, name = 'function.zip' } = wishes;
    const zip = join(room.dir, name);
    const entries = Object.entries(files).map(([path, content]) => memoryFile(path, content));
    await writeZip(zip, entries, room.options);
    if (manifest !== undefined) await writeManifest(zip, manifest);
    const cacheDir =
      wishes.cacheDir === undefined ? await keepHostNode(join(room.dir, 'cache')) : wishes.cacheDir;
    const result = await openLab(zip, room.dir, { ...wishes, cacheDir }, use);
    box.push({ result });
  });
  if (!box[0]) throw new Error('not invoked');
  return box[0].result;
}

/** Runs an artifact that is there. */
export async function openLab<T>(
  artifact: string,
  dir: string,
  wishes: LocalWishes,
  use: (lab: Lab) => Promise<T>,
): Promise<T> {
  const { cacheDir = null, env = {}, signal = new AbortController().signal, initLimitMs } = wishes;
  const { isolation = 'none', timeoutMs = 20_000, manifest: _, name: __, onLog, ...request } = wishes;
  let log = '';
  const tell = (text: string): void => {
    log += text;
    onLog?.(text);
  };
  const settings = await openSettings(
    { ...request, artifact, timeoutMs },
    { workDir: dir, signal, onNote: tell },
  );
  const workDir = join(dir, 'work');
  await mkdir(workDir, { recursive: true });
  const options = { isolation, workDir, cacheDir, hostEnv: env, signal, onLog: tell };
  const fn = await startFunction(settings, options, initLimitMs);
  try {
    return await use({ fn, dir, log: () => log });
  } finally {
    await fn.stop();
  }
}

/** Zips the files and invokes the zip once. */
export function invokeFiles(files: Files, settings: InvokeSettings = {}): Promise<Invoked> {
  const { event = {}, ...wishes } = settings;
  return withLocalFunction(files, wishes, async ({ fn, log }) => {
    const invocation = await fn.invoke(JSON.stringify(event));
    return { ...readOutcome(invocation.outcome), invocation, log: log() };
  });
}

/** Invokes an artifact that is there once. */
export function invokeArtifact(
  artifact: string,
  dir: string,
  settings: InvokeSettings = {},
): Promise<Invoked> {
  const { event = {}, ...wishes } = settings;
  return openLab(artifact, dir, wishes, async ({ fn, log }) => {
    const invocation = await fn.invoke(JSON.stringify(event));
    return { ...readOutcome(invocation.outcome), invocation, log: log() };
  });
}

export function readOutcome(outcome: Outcome): Pick<Invoked, 'answer' | 'error'> {
  if (outcome.kind === 'error') return { answer: null, error: outcome.error };
  if (outcome.kind === 'stream' && outcome.error) return { answer: null, error: outcome.error };
  const text = Buffer.from(outcome.body).toString();
  try {
    return { answer: JSON.parse(text), error: null };
  } catch {
    return { answer: text, error: null };
  }
}

/** Invokes a handler of one ES module. */
export function invokeCode(code: string, settings: InvokeSettings = {}): Promise<Invoked> {
  return invokeFiles({ 'index.mjs': code }, settings);
}

async function writeManifest(zip: string, manifest: string | object): Promise<void> {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  await writeFile(`${zip.replace(/\.zip$/, '')}.manifest.json`, text);
}

/** Makes a cache in which every release of Node.js is a link to the one that runs the tests. */
export async function keepHostNode(dir: string): Promise<string> {
  for (const major of ['20', '22', '24']) {
    const folder = join(dir, 'node', `${findNodeVersion(major)}-${HOST_ARCH}`);
    const path = join(folder, 'node_modules', `node-linux-${HOST_ARCH}`, 'bin', 'node');
    await mkdir(dirname(path), { recursive: true });
    await symlink(process.execPath, path);
  }
  return dir;
}

/** The last line that the function printed as `name=value`. */
export function printed({ log }: Pick<Invoked, 'log'>, name: string): string {
  const value = log.match(new RegExp(`^${name}=(.*)$`, 'm'))?.[1];
  if (value === undefined) throw new Error(`the function did not print ${name}: ${log}`);
  return value;
}
