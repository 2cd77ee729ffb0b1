import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { orNull } from '../../../util/fs.ts';
import type { PythonProject } from './types.ts';

/** Locks that are not read, although what they lock is. */
const LOCKS: Readonly<Record<string, string>> = {
  'pdm.lock': '`pdm export -o requirements.txt`',
  'pixi.lock': '`pixi project export conda-environment`, and write what it has of PyPI into requirements.txt',
};

/** Files that say what a function depends on in a way that only other tools understand. */
const OTHERS: Readonly<Record<string, string>> = {
  ...LOCKS,
  'requirements.in': '`pip-compile --generate-hashes requirements.in`',
  'setup.py': '`uv pip compile setup.py -o requirements.txt`',
  'setup.cfg': '`uv pip compile setup.cfg -o requirements.txt`',
  'environment.yml': 'a requirements.txt with what the function needs of it',
  'environment.yaml': 'a requirements.txt with what the function needs of it',
};

/** Tells of files that somebody may think were read: where nothing was, and of a lock beside what it locks. */
export async function findUnread(project: PythonProject | null, root: string): Promise<readonly Finding[]> {
  if (project && project.kind !== 'pyproject.toml') return [];
  const dir = project ? dirname(project.path) : root;
  const names = new Set((await orNull(readdir(dir))) ?? []);
  return Object.entries(project ? LOCKS : OTHERS).flatMap(([file, instead]): readonly Finding[] =>
    names.has(file) ? [{ code: 'DEPENDENCY_FILE_UNREAD', level: 'warning', file, instead }] : [],
  );
}
