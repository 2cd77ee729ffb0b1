import { SlimError } from '../errors.ts';
import { compareCodeUnits } from '../util/path.ts';

export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Writes a listing: `<bytes> <path>` a line, sorted by code unit of the path; odd paths stand in JSON quotes. */
export function formatListing(files: readonly ListedFile[]): string {
  const sorted = [...files].sort((a, b) => compareCodeUnits(a.path, b.path));
  return sorted.map(({ bytes, path }) => `${bytes} ${quote(path)}\n`).join('');
}

/** Reads what `formatListing` wrote; throws `LISTING_INVALID` with the number of the line it cannot read. */
export function parseListing(text: string, file: string): readonly ListedFile[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    const [, bytes, path] = /^(\d+) (.+)$/.exec(line) ?? [];
    const name = path === undefined ? null : unquote(path);
    if (name === null) throw new SlimError('LISTING_INVALID', [file, index + 1]);
    return [{ bytes: Number(bytes), path: name }];
  });
}

/** A path that a line cannot hold as it is, or that would read as a quoted one. */
function quote(path: string): string {
  return /[\r\n]|^"/.test(path) ? JSON.stringify(path) : path;
}

function unquote(text: string): string | null {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return null;
  }
}
