import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { RUNTIME_PACKAGES, SDK_PACKAGES } from '../../../platform/runtime-packages.ts';
import { listRequired } from '../../../python/metadata.ts';
import { parseRequirement } from '../../../python/requirement.ts';
import type { PythonOptions } from '../../../types.ts';
import { orNull } from '../../../util/fs.ts';
import type { PythonProject } from '../project/types.ts';
import type { Distribution } from './read-distributions.ts';

/**
 * The distributions of a folder that the runtime is to bring. The SDK goes as a whole, since its parts fit only as they were released.
 * With `true`, what the SDK shares with others stays where a package that stays requires it, or the project itself does.
 */
export async function findLeftToRuntime(
  dir: string,
  distributions: readonly Distribution[],
  wanted: PythonOptions['runtimeProvides'],
  project: PythonProject | null,
): Promise<readonly Distribution[]> {
  if (wanted !== true) {
    const names = wanted.some(name => SDK_PACKAGES.includes(name)) ? [...SDK_PACKAGES, ...wanted] : wanted;
    return distributions.filter(({ name }) => names.includes(name));
  }
  const asked = project?.isLocked ? [] : (project?.requirements ?? []).flatMap(({ name }) => name ?? []);
  const required = await mapRequired(dir, distributions);
  let going = distributions.filter(
    ({ name }) => SDK_PACKAGES.includes(name) || (RUNTIME_PACKAGES.includes(name) && !asked.includes(name)),
  );
  for (let size = -1; size !== going.length; ) {
    size = going.length;
    const staying = distributions.filter(each => !going.includes(each));
    const needed = new Set(staying.flatMap(({ name }) => required.get(name) ?? []));
    going = going.filter(({ name }) => SDK_PACKAGES.includes(name) || !needed.has(name));
  }
  return going;
}

async function mapRequired(
  dir: string,
  distributions: readonly Distribution[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = distributions.map(async ({ name, infoDir }) => {
    const metadata = (await orNull(readFile(join(dir, infoDir, 'METADATA'), 'utf8'))) ?? '';
    return [name, listRequired(metadata).map(asked => asked.name)] as const;
  });
  return new Map(await Promise.all(lists));
}

/** Tells what the function gets from the runtime, and which of it the project pins in vain. */
export function tellLeftToRuntime(
  left: readonly Distribution[],
  project: PythonProject | null,
): readonly Finding[] {
  if (left.length === 0) return [];
  const pins = project?.isLocked
    ? []
    : (project?.requirements ?? []).map(({ text }) => parseRequirement(text));
  const pinned = left.flatMap(({ name, version }) =>
    pins.some(pin => pin?.name === name && /^===?[^*,]+$/.test(pin.specifiers)) ? `${name}==${version}` : [],
  );
  return [
    {
      code: 'RUNTIME_PROVIDES',
      level: pinned.length > 0 ? 'warning' : 'info',
      packages: left.map(({ name, version }) => `${name}@${version}`),
      pinned,
    },
  ];
}
