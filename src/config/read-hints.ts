import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../types.ts';
import { orNull } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';

interface Hint<T> {
  readonly value: T;
  readonly source: string;
}

/** What the files of deployment tools say, found by plain search: they need not be valid, nor run. */
export interface TextHints {
  readonly handlers: readonly string[];
  /** Folders that handlers may be relative to, such as SAM's CodeUri. */
  readonly codeFolders: readonly string[];
  readonly runtime: Hint<string> | null;
  readonly arch: Hint<Arch> | null;
}

const TOOL_FILE = /^(serverless(\.\w+)?\.(ya?ml|json|ts|js)|template\.(ya?ml|json)|sam\.ya?ml)$/;
const CDK_FOLDERS = ['lib', 'bin', 'infra', 'cdk'];

const HANDLER = /^[ \t-]*["']?(?:handler|entry)["']?\s*:\s*["']?([\w@./-]+)["']?/gim;
const CODE_FOLDER = /^[ \t-]*["']?CodeUri["']?\s*:\s*["']?([\w@./-]+)["']?/gim;
const RUNTIME = /runtime["']?\s*:\s*["']?(nodejs\d+\.x|python3\.\d+)/i;
/** CDK writes Runtime.NODEJS_22_X and Runtime.PYTHON_3_12. */
const CDK_RUNTIME = /Runtime\.(?:NODEJS_(\d+)_X|PYTHON_3_(\d+))/;
const ARCH = /architectures?["']?\s*:[\s[\-"']*(arm64|x86_64)|Architecture\.(ARM_64|X86_64)/i;

/** Reads the files of the Serverless Framework, SAM and CDK in a project. */
export async function readHints(dir: string): Promise<TextHints> {
  const files = await readToolFiles(dir);
  const all = (pattern: RegExp): readonly string[] =>
    files.flatMap(({ text }) => [...text.matchAll(pattern)].map(match => match[1] ?? ''));
  return {
    handlers: [...new Set(all(HANDLER))],
    codeFolders: [...new Set(all(CODE_FOLDER))],
    runtime: findHint(files, findRuntimeId),
    arch: findHint(files, findArch),
  };
}

interface ToolFile {
  readonly name: string;
  readonly text: string;
}

async function readToolFiles(dir: string): Promise<readonly ToolFile[]> {
  const top = ((await orNull(readdir(dir))) ?? []).filter(name => TOOL_FILE.test(name));
  const isCdk = (await orNull(readFile(join(dir, 'cdk.json')))) !== null;
  const nested = isCdk ? await Promise.all(CDK_FOLDERS.map(folder => listTypeScript(dir, folder))) : [];
  const names = [...top, ...nested.flat()].sort(compareCodeUnits);
  return Promise.all(names.map(async name => ({ name, text: await readFile(join(dir, name), 'utf8') })));
}

async function listTypeScript(dir: string, folder: string): Promise<readonly string[]> {
  const names = (await orNull(readdir(join(dir, folder)))) ?? [];
  return names.filter(name => /\.[jt]s$/.test(name)).map(name => `${folder}/${name}`);
}

function findHint<T>(files: readonly ToolFile[], find: (text: string) => T | null): Hint<T> | null {
  for (const { name, text } of files) {
    const value = find(text);
    if (value !== null) return { value, source: name };
  }
  return null;
}

function findRuntimeId(text: string): string | null {
  const [, major, minor] = CDK_RUNTIME.exec(text) ?? [];
  const ofCdk = major ? `nodejs${major}.x` : minor ? `python3.${minor}` : null;
  return RUNTIME.exec(text)?.[1] ?? ofCdk;
}

function findArch(text: string): Arch | null {
  const word = ARCH.exec(text);
  if (!word) return null;
  return /arm/i.test(word[1] ?? word[2] ?? '') ? 'arm64' : 'x64';
}
