import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import jsonc from 'jsonc-parser';
import type { ConfigChange } from '../findings.ts';
import { writeAtomic } from '../util/fs.ts';

type Path = readonly (string | number)[];

/** Where a change belongs: a config file, and the function's name where it has several. */
export interface ConfigPlace {
  readonly path: string;
  readonly function: string | null;
}

/** True for a config that a program may edit; the others are code. */
export function isEditable(path: string): boolean {
  return extname(path) === '.json';
}

/**
 * Adds values to lists of a config file and sets its switches; all else in it stays as it was written. Returns the changes that were
 * not there yet. Throws `OUTPUT_UNWRITABLE`.
 */
export async function addToConfig(
  { path, function: name }: ConfigPlace,
  changes: readonly ConfigChange[],
): Promise<readonly ConfigChange[]> {
  const text = await readFile(path, 'utf8');
  const base = [
    ...(basename(path) === 'package.json' ? ['lambda-slim'] : []),
    ...(name === null ? [] : ['functions', name]),
  ];
  let edited = text;
  const made: ConfigChange[] = [];
  for (const change of changes) {
    const next = 'add' in change ? addValues(edited, base, change) : setSwitch(edited, base, change);
    if (next.text !== edited) made.push(next.change);
    edited = next.text;
  }
  if (edited !== text) await writeAtomic(path, file => file.writeFile(edited));
  return made;
}

interface Edited {
  readonly text: string;
  /** What of it was not there yet. */
  readonly change: ConfigChange;
}

function addValues(text: string, base: Path, change: Extract<ConfigChange, { add: unknown }>): Edited {
  const place = [...base, ...change.setting.split('.')];
  const present = valueAt(text, place);
  const known: readonly unknown[] = Array.isArray(present) ? present : [];
  const add = change.add.filter(value => !known.includes(value));
  const made = { text, change: { ...change, add } };
  if (add.length === 0) return made;
  if (!Array.isArray(present)) return { ...made, text: setValue(text, place, add) };
  return { ...made, text: add.reduce((edited, value) => setValue(edited, [...place, -1], value), text) };
}

function setSwitch(text: string, base: Path, change: Extract<ConfigChange, { set: unknown }>): Edited {
  const place = [...base, ...change.setting.split('.')];
  return { text: valueAt(text, place) === change.set ? text : setValue(text, place, change.set), change };
}

function valueAt(text: string, place: Path): unknown {
  const root = jsonc.parseTree(text);
  const node = root && jsonc.findNodeAtLocation(root, [...place]);
  return node && jsonc.getNodeValue(node);
}

/** A switch on the way, such as `"compress": true`, becomes an object. */
function setValue(text: string, place: Path, value: unknown): string {
  const above = place.slice(0, -1);
  const isSwitch = typeof place.at(-1) === 'string' && valueAt(text, above) === true;
  const edits = jsonc.modify(
    text,
    [...(isSwitch ? above : place)],
    isSwitch ? { [String(place.at(-1))]: value } : value,
    { formattingOptions: findStyle(text), isArrayInsertion: place.at(-1) === -1 },
  );
  return jsonc.applyEdits(text, edits);
}

function findStyle(text: string): jsonc.FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
