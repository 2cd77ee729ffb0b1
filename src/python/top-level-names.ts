import { splitLines } from './logical-lines.ts';

/** What a module defines where nothing is indented, or under `if` and `try` alone. */
export interface TopLevelNames {
  readonly names: ReadonlySet<string>;
  /** Those that are functions. */
  readonly functions: readonly string[];
  /** False where `from … import *` or other means may define more. */
  readonly isComplete: boolean;
}

const DEFINITION = /^(?:async\s+)?(def|class)\s+([\p{ID_Continue}]+)/u;
/** One or more targets, each with its `=`; an annotation stands behind a colon. */
const ASSIGNMENT = /^(?:[\p{ID_Continue}\s,()*]+(?::[^=]+)?=(?!=)\s*)+/u;
const IMPORT = /^(?:from\b.*?)?\bimport\s+(.*)$/u;
const BLOCK = /^(?:if|elif|else|try|except|finally|with)\b/;
const HIDDEN = /\bglobals\s*\(|\bexec\s*\(|\b__getattr__\b|\bsetattr\s*\(/;

/** Lists the names that a module's source gives to its callers. */
export function listTopLevelNames(source: string): TopLevelNames {
  const names = new Set<string>();
  const functions: string[] = [];
  let isComplete = true;
  let depth = 0;
  for (const { indent, text } of splitLines(source)) {
    if (HIDDEN.test(text)) isComplete = false;
    if (text === '' || indent > depth) continue;
    depth = BLOCK.test(text) ? Number.POSITIVE_INFINITY : indent === 0 ? 0 : depth;
    for (const name of namesIn(text)) {
      if (name === '*') isComplete = false;
      names.add(name);
    }
    const [, kind, name = ''] = DEFINITION.exec(text) ?? [];
    if (kind === 'def') functions.push(name);
    if (kind !== undefined) depth = indent;
  }
  return { names, functions, isComplete };
}

function namesIn(text: string): readonly string[] {
  const defined = DEFINITION.exec(text)?.[2];
  if (defined !== undefined) return [defined];
  const imported = IMPORT.exec(text)?.[1];
  if (imported !== undefined) return imported.replace(/[()]/g, ' ').split(',').flatMap(boundName);
  const targets = (ASSIGNMENT.exec(text)?.[0] ?? '').split('=').map(target => target.replace(/:.*$/s, ''));
  return targets.flatMap(target => target.match(/[\p{ID_Continue}]+/gu) ?? []);
}

/** `a.b` binds `a`, `a.b as c` binds `c`. */
function boundName(part: string): readonly string[] {
  const name =
    /\bas\s+([\p{ID_Continue}]+)/u.exec(part)?.[1] ?? /^\s*([\p{ID_Continue}]+|\*)/u.exec(part)?.[1];
  return name === undefined ? [] : [name];
}
