import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type InvokeOptions, type InvokeResult, invokeZip } from '../../src/lambda/invoke-zip.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { writeZip } from '../../src/zip/write-zip.ts';
import { memoryFile, withRoom } from '../zip/fixtures.ts';
import type { Files } from './project.ts';

/** The CPU of this machine, in the words of the house. */
export const HOST_ARCH = process.arch === 'arm64' ? 'arm64' : 'x64';

export interface Invoked extends InvokeResult {
  readonly log: string;
}

export interface InvokeSettings extends Partial<InvokeOptions> {
  readonly event?: unknown;
  /** Content of the manifest beside the zip. */
  readonly manifest?: string | object;
  /** Name of the zip. */
  readonly name?: string;
}

/** Zips the files and invokes the zip on the Node.js that runs the tests, whatever the runtime: nothing is fetched. */
export async function invokeFiles(files: Files, settings: InvokeSettings = {}): Promise<Invoked> {
  const { event = {}, manifest, name = 'function.zip', ...options } = settings;
  let invoked: Invoked | null = null;
  await withRoom(async room => {
    const zip = join(room.dir, name);
    const entries = Object.entries(files).map(([path, content]) => memoryFile(path, content));
    await writeZip(zip, entries, room.options);
    if (manifest !== undefined) await writeManifest(zip, manifest);
    let log = '';
    const result = await invokeZip(zip, event, {
      cacheDir: await keepHostNode(join(room.dir, 'cache')),
      env: {},
      signal: new AbortController().signal,
      timeoutMs: 20_000,
      ...options,
      onLog: text => {
        log += text;
        options.onLog?.(text);
      },
    });
    invoked = { ...result, log };
  });
  if (invoked === null) throw new Error('not invoked');
  return invoked;
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
async function keepHostNode(dir: string): Promise<string> {
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
