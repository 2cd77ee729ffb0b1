import { createHash } from 'node:crypto';
import { z } from 'zod';
import { whyRefused } from '../util/path.ts';
import { MAX_CHUNK_BYTES } from './chunk-ranges.ts';
import { BRANCH_FILTERS, LIBRARY_FORMATS } from './types.ts';

/** Folder of the compressed libraries in an artifact: the index, the blobs, and for Node.js the shim. */
export const LIBRARY_DIR = '.lambda-slim';

const bytes = z.number().int().nonnegative();
const path = z
  .string()
  .refine(value => whyRefused(value) === null && !value.includes('\\'), 'expected a relative path');

const chunk = z
  .strictObject({
    offset: bytes,
    bytes: bytes.positive().max(MAX_CHUNK_BYTES),
    at: bytes,
    compressedBytes: bytes.positive(),
    crc32: bytes.max(0xffffffff),
    format: z.enum(LIBRARY_FORMATS),
    filter: z.enum(BRANCH_FILTERS).nullable(),
  })
  .refine(({ format, filter }) => format !== 'xz' || filter === null, 'xz names its own filters');

const file = z
  .strictObject({
    path,
    mode: z.enum(['0644', '0755']),
    bytes,
    blob: path.refine(name => !name.includes('/'), 'expected a file beside the index'),
    chunks: z.array(chunk).readonly(),
  })
  .superRefine(({ bytes: total, chunks }, context) => {
    let offset = 0;
    let at = 0;
    for (const each of chunks) {
      const isLast = each === chunks.at(-1);
      if (each.offset !== offset || each.at !== at || (!isLast && each.bytes % 4 !== 0)) {
        context.addIssue({ code: 'custom', message: 'its chunks do not follow one another' });
      }
      offset += each.bytes;
      at += each.compressedBytes;
    }
    if (offset !== total) context.addIssue({ code: 'custom', message: 'its chunks are not the whole of it' });
  });

const link = z.strictObject({ path, target: path });

const schema = z
  .strictObject({
    schema: z.literal(1),
    id: z.string().regex(/^[0-9a-f]{64}$/),
    bytes,
    files: z.array(file).readonly(),
    links: z.array(link).readonly(),
    aliases: z.array(link).readonly().optional(),
    addons: z.array(path).readonly(),
  })
  .superRefine(({ bytes: total, files, links, aliases = [], addons }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    if (files.reduce((sum, each) => sum + each.bytes, 0) > total)
      refuse('"bytes" is less than the sum of its files');
    const paths = [...files, ...links, ...aliases].map(each => each.path);
    if (new Set(paths).size !== paths.length) refuse('a path is there twice');
    if (new Set(files.map(each => each.blob)).size !== files.length) refuse('a blob is named twice');
    if (aliases.some(({ target }) => !paths.includes(target))) refuse('an alias leads to nothing');
    if (addons.some(addon => !paths.includes(addon))) refuse('an addon is neither a file nor a link');
  });

/**
 * What `.lambda-slim/index.json` says; `links` of the mirror lead to the artifact, `aliases` to the mirror itself;  sizes are
 * bytes, paths are relative to the root of the artifact.
 */
export type LibraryIndex = z.infer<typeof schema>;
/** What an index is made of. */
export type LibraryIndexParts = Pick<LibraryIndex, 'files' | 'links' | 'aliases' | 'addons'> & {
  /** What it takes of the temporary folder, if that is more than its files. */
  readonly bytes?: number;
};

/** Makes an index; its id is the SHA-256 of all the rest of it. */
export function makeLibraryIndex(parts: LibraryIndexParts): LibraryIndex {
  const { files, links, aliases = [], addons } = parts;
  const bytes = parts.bytes ?? files.reduce((sum, each) => sum + each.bytes, 0);
  const body = { bytes, files, links, ...(aliases.length > 0 ? { aliases } : {}), addons };
  const id = createHash('sha256')
    .update(JSON.stringify({ schema: 1, ...body }))
    .digest('hex');
  return { schema: 1, id, ...body };
}

export type LibraryIndexReading =
  | { readonly ok: true; readonly index: LibraryIndex }
  | { readonly ok: false; readonly reason: string };

/** Reads an index that anybody may have written. */
export function parseLibraryIndex(text: string): LibraryIndexReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'it is not JSON' };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, index: result.data };
  const [issue] = result.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') || 'the whole'}: ${issue?.message}` };
}
