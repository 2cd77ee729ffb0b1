import type { Entry, FileEntry, Tree } from '../types.ts';
import { formatRecord, parseRecord, type RecordLine } from './record.ts';

const RECORD = /^[^/]+\.dist-info\/RECORD$/;

/**
 * Lets each RECORD list what is there by now: files that went have no line, those that changed since `collected` no hash, and
 * bytecode that was added has a line, so that what reads it (`importlib.metadata.files()`) is told no lies. A RECORD that itself
 * was changed on the way, as level `exact` empties what is only looked at, stays as it is.
 */
export function fitRecords(tree: Tree, collected: Tree): Tree {
  const before = new Map<string, Entry>(collected.entries.map(entry => [entry.path, entry]));
  const records = new Map<Entry, readonly RecordLine[]>();
  for (const entry of tree.entries) {
    const isOurs = RECORD.test(entry.path) && entry.kind === 'file' && entry.source.kind === 'memory';
    if (isOurs && isSame(entry, before.get(entry.path))) records.set(entry, linesOf(entry));
  }
  if (records.size === 0) return tree;
  const owners = new Map<string, Entry>();
  for (const [record, lines] of records)
    for (const { path } of lines) if (!owners.has(path)) owners.set(path, record);
  const present = listPresent(tree.entries, records, owners, before);
  const entries = tree.entries.map(entry => {
    const lines = present.get(entry);
    return lines && entry.kind === 'file' ? withText(entry, formatRecord(lines)) : entry;
  });
  return { ...tree, entries };
}

type SizedLine = RecordLine & { readonly bytes: number | null };

/** The lines of each RECORD in the order of the tree, which is sorted. */
function listPresent(
  entries: readonly Entry[],
  records: ReadonlyMap<Entry, readonly RecordLine[]>,
  owners: ReadonlyMap<string, Entry>,
  before: ReadonlyMap<string, Entry>,
): ReadonlyMap<Entry, readonly SizedLine[]> {
  const present = new Map<Entry, SizedLine[]>([...records.keys()].map(record => [record, []]));
  const hashes = new Map([...records].map(([record, lines]) => [record, hashesOf(lines)]));
  for (const entry of entries) {
    const { path } = entry;
    const source = sourceOfBytecode(path);
    const maker = source === null ? undefined : owners.get(source);
    for (const [record, known] of hashes) {
      const hash = known.get(path);
      if (hash === undefined && (maker !== record || owners.has(path))) continue;
      // A RECORD cannot have its own hash; that of a changed file nobody needs.
      const kept = isSame(entry, before.get(path)) ? (hash ?? '') : '';
      const bytes = entry.kind === 'file' && entry !== record ? entry.bytes : null;
      present.get(record)?.push({ path, hash: entry === record ? '' : kept, bytes });
    }
  }
  return present;
}

function hashesOf(lines: readonly RecordLine[]): ReadonlyMap<string, string> {
  return new Map(lines.map(({ path, hash }) => [path, hash]));
}

/** The module that bytecode was compiled from, whether it lies beside it or in `__pycache__`. */
function sourceOfBytecode(path: string): string | null {
  const cached = /^((?:.*\/)?)__pycache__\/([^/]+?)\.[^/.]+(?:\.opt-[^/.]+)?\.pyc$/.exec(path);
  if (cached) return `${cached[1]}${cached[2]}.py`;
  return path.endsWith('.pyc') ? path.slice(0, -1) : null;
}

function isSame(entry: Entry, before: Entry | undefined): boolean {
  if (entry.kind === 'link') return before?.kind === 'link' && before.target === entry.target;
  if (before?.kind !== 'file') return false;
  const [one, other] = [entry.source, before.source];
  if (one.kind === 'memory') return other.kind === 'memory' && one.data === other.data;
  return other.kind === 'disk' && one.path === other.path;
}

function linesOf({ source }: FileEntry): readonly RecordLine[] {
  return source.kind === 'memory' ? parseRecord(Buffer.from(source.data).toString('utf8')) : [];
}

function withText(entry: FileEntry, text: string): FileEntry {
  const data = Buffer.from(text);
  return { ...entry, source: { kind: 'memory', data }, bytes: data.length };
}
