import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../findings.ts';
import { cudaBuildOf, isCudaPart } from '../../platform/cuda.ts';
import { findCuda, type Installed } from '../../platform/find-cuda.ts';
import { toCudaFinding } from '../../platform/to-cuda-finding.ts';
import { listRequired } from '../../python/metadata.ts';
import type { PackageInstance, ResolvedFunction, Tree } from '../../types.ts';
import { bytesOf } from '../../util/entry-bytes.ts';
import { orNull } from '../../util/fs.ts';
import { readPyproject } from './project/pyproject-shape.ts';
import type { PythonProject } from './project/types.ts';

/** Tells of packages that are built for CUDA, with what to write into the user's own kind of file instead. */
export async function findCudaWheels(
  project: PythonProject | null,
  { entries, packages }: Pick<Tree, 'entries' | 'packages'>,
  dir: string,
  { platform }: Pick<ResolvedFunction, 'platform'>,
): Promise<readonly Finding[]> {
  const isSuspect = ({ name }: PackageInstance): boolean => isCudaPart(name) || cudaBuildOf(name) !== null;
  if (!project || !packages.some(isSuspect)) return [];
  const bytes = new Map(entries.map(each => [each.path as string, bytesOf(each)]));
  const installed = await Promise.all(packages.map(each => readInstalled(each, bytes, dir)));
  const place = await placeOf(project);
  return findCuda(installed, platform.arch).map(cause => toCudaFinding(cause, installed, place));
}

async function readInstalled(
  { name, version, owns }: PackageInstance,
  bytes: ReadonlyMap<string, number>,
  dir: string,
): Promise<Installed> {
  const files = new Map((owns ?? []).map(path => [path, bytes.get(path) ?? 0]));
  const metadata = [...files.keys()].find(path => /^[^/]+\.dist-info\/METADATA$/.test(path));
  const text = metadata === undefined ? null : await orNull(readFile(join(dir, metadata), 'utf8'));
  return { name, version, files, requires: text === null ? [] : listRequired(text) };
}

/** The file that a person edits, and the tool that locks it. */
async function placeOf({ kind, path, requirements }: PythonProject) {
  switch (kind) {
    case 'requirements.txt': {
      const isHashed = requirements.some(({ hashes }) => hashes.length > 0);
      return { file: 'requirements.txt', tool: isHashed ? 'pip-compile' : 'pip' } as const;
    }
    case 'poetry.lock':
      return { file: 'pyproject.toml', tool: 'poetry' } as const;
    case 'Pipfile':
    case 'Pipfile.lock':
      return { file: 'Pipfile', tool: 'pipenv' } as const;
    default: {
      const pyproject = kind === 'pyproject.toml' ? await readPyproject(join(path, '..')) : null;
      const isPoetry = pyproject?.content.tool?.poetry !== undefined;
      return { file: 'pyproject.toml', tool: isPoetry ? 'poetry' : 'uv' } as const;
    }
  }
}
