import { parse } from 'smol-toml';
import type { z } from 'zod';
import { SlimError } from '../errors.ts';
import { hideCredentials } from './credentials.ts';

/** Reads TOML of a shape; throws `DEPENDENCY_FILE_INVALID` with the name of the file. */
export function parseToml<T>(text: string, schema: z.ZodType<T>, path: string): T {
  return parseShape(() => parse(text), schema, path);
}

/** Reads JSON of a shape, likewise. */
export function parseJson<T>(text: string, schema: z.ZodType<T>, path: string): T {
  return parseShape(() => JSON.parse(text), schema, path);
}

function parseShape<T>(read: () => unknown, schema: z.ZodType<T>, path: string): T {
  const result = schema.safeParse(explainFile(path, read));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.map(String).join('.');
  throw new SlimError('DEPENDENCY_FILE_INVALID', [path, `${place ? `${place}: ` : ''}${issue?.message}`]);
}

/** Runs what reads a file, and says which one it was when it cannot be understood. */
export function explainFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SlimError || !(error instanceof Error)) throw error;
    const [reason = ''] = error.message.trim().split('\n\n');
    throw new SlimError('DEPENDENCY_FILE_INVALID', [path, hideCredentials(reason.replace(/\.$/, ''))], {
      cause: error,
    });
  }
}
