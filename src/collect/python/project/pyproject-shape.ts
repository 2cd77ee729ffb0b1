import { join } from 'node:path';
import { z } from 'zod';
import { SlimError } from '../../../errors.ts';
import { parseToml } from '../../../python/parse-file.ts';
import { readText } from '../../../python/read-text.ts';
import { fitsSpecifiers } from '../../../python/versions.ts';
import type { Platform } from '../../../types.ts';
import { toSpecifiers } from './poetry-dependency.ts';

const texts = z.array(z.string());

/** The parts of a `pyproject.toml` that say what a project depends on. */
const schema = z.looseObject({
  project: z
    .looseObject({
      name: z.string().optional(),
      dependencies: texts.optional(),
      'requires-python': z.string().optional(),
      dynamic: texts.optional(),
    })
    .optional(),
  tool: z
    .looseObject({
      poetry: z
        .looseObject({
          dependencies: z.record(z.string(), z.unknown()).optional(),
          source: z.array(z.looseObject({ url: z.string().optional() })).optional(),
        })
        .optional(),
      uv: z
        .looseObject({
          sources: z.record(z.string(), z.unknown()).optional(),
          index: z.array(z.looseObject({ url: z.string(), default: z.boolean().optional() })).optional(),
        })
        .optional(),
      setuptools: z
        .looseObject({
          dynamic: z
            .looseObject({ dependencies: z.looseObject({ file: z.union([z.string(), texts]) }).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

export type Pyproject = z.infer<typeof schema>;

/** Reads the `pyproject.toml` of a folder; null where there is none. Throws `DEPENDENCY_FILE_INVALID`. */
export async function readPyproject(
  dir: string,
): Promise<{ readonly path: string; readonly content: Pyproject } | null> {
  const path = join(dir, 'pyproject.toml');
  const text = await readText(path);
  return text === null ? null : { path, content: parseToml(text, schema, path) };
}

/** What the project says of the Python it needs, as specifiers; null where it says nothing. */
export function pythonOf({ project, tool }: Pyproject): string | null {
  const ofPoetry = tool?.poetry?.dependencies?.python;
  return project?.['requires-python'] ?? (typeof ofPoetry === 'string' ? toSpecifiers(ofPoetry) : null);
}

/** Throws `PYTHON_REFUSED` where no patch release of the runtime's Python fits `wanted`. */
export function checkPython(path: string, wanted: string | null | undefined, { runtime }: Platform): void {
  const patches = [`${runtime.version}.0`, `${runtime.version}.999`];
  if (wanted && !patches.some(version => fitsSpecifiers(version, wanted)))
    throw new SlimError('PYTHON_REFUSED', [path, wanted, runtime.id]);
}
