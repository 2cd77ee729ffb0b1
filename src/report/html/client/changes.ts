import type { PageSubject } from '../page-types.ts';
import { dropVersion, listItems, mergeItems } from './items.ts';

/** How one package changed between two artifacts; unzipped bytes. */
export interface Change {
  readonly name: string;
  /** With their versions; null where it is not there. */
  readonly from: string | null;
  readonly to: string | null;
  readonly before: number;
  readonly after: number;
  readonly zippedBefore: number;
  readonly zippedAfter: number;
}

/** Packages that differ in size or version, those first that changed most. */
export function listChanges(first: PageSubject, second: PageSubject): readonly Change[] {
  const changes = new Map<string, { -readonly [K in keyof Change]: Change[K] }>();
  const add = (subject: PageSubject, isAfter: boolean): void => {
    for (const { owner, bytes, zipped } of listItems(subject, 'kept')) {
      const name = dropVersion(owner);
      const empty = { name, from: null, to: null, before: 0, after: 0, zippedBefore: 0, zippedAfter: 0 };
      const change = changes.get(name) ?? empty;
      changes.set(name, change);
      if (isAfter) {
        change.to = owner;
        change.after += bytes;
        change.zippedAfter += zipped ?? 0;
      } else {
        change.from = owner;
        change.before += bytes;
        change.zippedBefore += zipped ?? 0;
      }
    }
  };
  add(first, false);
  add(second, true);
  return [...changes.values()]
    .filter(
      ({ from, to, before, after, zippedBefore, zippedAfter }) =>
        from !== to || before !== after || zippedBefore !== zippedAfter,
    )
    .sort(
      (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.name < b.name ? -1 : 1),
    );
}

/** How many files are new, gone, or of another size. */
export function countChanges(
  first: PageSubject,
  second: PageSubject,
): Readonly<Record<'added' | 'gone' | 'changed', number>> {
  const counts = { added: 0, gone: 0, changed: 0 };
  const before = new Set(first.files.map(([path]) => path));
  const after = new Set(second.files.map(([path]) => path));
  for (const { item, value, before: was } of mergeItems(
    listItems(first, 'kept'),
    listItems(second, 'kept'),
    'bytes',
  )) {
    if (!before.has(item.path)) counts.added += 1;
    else if (!after.has(item.path)) counts.gone += 1;
    else if (value !== was) counts.changed += 1;
  }
  return counts;
}
