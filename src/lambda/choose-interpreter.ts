import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SlimError } from '../errors.ts';
import type { Arch } from '../types.ts';
import { readOwnManifest } from '../util/own-manifest.ts';
import { findNode } from './find-node.ts';
import { describePython } from './find-python.ts';
import { nodeFlags } from './node-flags.ts';
import type { Interpreter, Isolation, LocalOptions, LocalSettings, Places } from './types.ts';

/** What runs a function: the interpreter, the folder with its bootstrap, and how the two are started. */
export interface ChosenInterpreter {
  readonly interpreter: Interpreter;
  readonly runtime: string;
  readonly title: Isolation['interpreter'];
  readonly exact: boolean;
  args(places: Places): readonly string[];
}

/** Finds the interpreter of a function's runtime. Throws `ARCH_CANNOT_RUN`, `PYTHON_MISSING`, `CANCELLED`. */
export async function chooseInterpreter(
  settings: LocalSettings,
  options: LocalOptions,
): Promise<ChosenInterpreter> {
  if (options.isolation === 'container') return ofImage(settings, options.image);
  const hostArch = process.arch === 'arm64' ? 'arm64' : 'x64';
  if (settings.arch !== hostArch) throw new SlimError('ARCH_CANNOT_RUN', [settings.arch, hostArch]);
  return settings.runtime.language === 'nodejs'
    ? chooseNode(settings, hostArch, options)
    : choosePython(settings, options);
}

/** The image brings its own. */
function ofImage({ runtime, memoryMiB }: LocalSettings, image: string = "Lambda's image"): ChosenInterpreter {
  const { version } = runtime;
  const isNode = runtime.language === 'nodejs';
  return {
    interpreter: { file: `/var/lang/bin/${isNode ? 'node' : `python${version}`}`, folders: [] },
    title: `${isNode ? 'Node.js' : 'Python'} ${version} of ${image}`,
    exact: true,
    ...(isNode ? ofNode(Number(version), memoryMiB) : ofPython()),
  };
}

async function chooseNode(
  { runtime, memoryMiB }: LocalSettings,
  arch: Arch,
  { cacheDir, workDir, signal, onLog }: LocalOptions,
): Promise<ChosenInterpreter> {
  const dir = cacheDir ?? join(workDir, 'interpreter');
  if (cacheDir === null) await mkdir(dir, { recursive: true });
  const node = await findNode(runtime.version, arch, { dir, signal });
  if (!node.exact)
    onLog(`Note: ${runtime.id} is not to be had here; this runs on Node.js ${node.version}.\n`);
  return {
    interpreter: { file: await realpath(node.path), folders: [] },
    title: `Node.js ${node.version}`,
    exact: node.exact,
    ...ofNode(Number.parseInt(node.version, 10), memoryMiB),
  };
}

async function choosePython(
  { runtime }: LocalSettings,
  { workDir, signal }: LocalOptions,
): Promise<ChosenInterpreter> {
  const python = await describePython(runtime.version, { cwd: workDir, signal });
  if (python === null) throw new SlimError('PYTHON_MISSING', [runtime.version]);
  return {
    interpreter: { file: python.path, folders: python.prefixes },
    title: `Python ${python.version}`,
    exact: true,
    ...ofPython(),
  };
}

type Start = Pick<ChosenInterpreter, 'runtime' | 'args'>;

function ofNode(major: number, memoryMiB: number): Start {
  return {
    runtime: fileURLToPath(new URL('./bootstrap', import.meta.url)),
    args: places => [...nodeFlags(major, memoryMiB), join(places.runtime, 'index.mjs')],
  };
}

/** Bytecode is not written, since the code is read-only on Lambda; and what the user installed for himself is not seen. */
function ofPython(): Start {
  return {
    runtime: join(readOwnManifest().root, 'src', 'lambda', 'bootstrap', 'python'),
    args: places => ['-B', '-s', join(places.runtime, 'bootstrap.py'), places.opt],
  };
}
