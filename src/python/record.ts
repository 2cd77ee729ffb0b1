import { whyRefused } from '../util/path.ts';

/** One line of a RECORD (https://packaging.python.org/en/latest/specifications/recording-installed-packages/). */
export interface RecordLine {
  readonly path: string;
  /** As `sha256=…`, base64 for URLs; empty where there is none. */
  readonly hash: string;
}

const FIELD = /("(?:[^"]|"")*"|[^,]*)(?:,|$)/y;

/** Reads a RECORD: lines of CSV whose first field is the path. */
export function parseRecord(text: string): readonly RecordLine[] {
  return text.split(/\r?\n/).flatMap(line => {
    if (line.trim() === '') return [];
    const [path = '', hash = ''] = splitFields(line);
    return [{ path, hash }];
  });
}

function splitFields(line: string): readonly string[] {
  const field = new RegExp(FIELD);
  const fields: string[] = [];
  while (field.lastIndex < line.length) {
    const [, raw = ''] = field.exec(line) ?? [];
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
  }
  return fields;
}

/** Writes a RECORD, in the order of the lines. */
export function formatRecord(lines: readonly (RecordLine & { readonly bytes: number | null })[]): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.map(({ path, hash, bytes }) => `${quote(path)},${hash},${bytes ?? ''}\n`).join('');
}

/**
 * The place of a recorded path in the folder that was installed into; null where it leads out of it. pip records what goes beside
 * `site-packages`, such as `bin/`, as `../../bin/tool`, also where it then lies inside of the target.
 */
export function placeOf({ path }: RecordLine): string | null {
  const place = path.replace(/^\.\.\/\.\.\//, '');
  return whyRefused(place) === null ? place : null;
}
