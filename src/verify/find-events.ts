import { readFile } from 'node:fs/promises';
import fastGlob from 'fast-glob';
import { SlimError } from '../errors.ts';
import type { NamedEvent } from '../types.ts';
import { errnoOf, orNull } from '../util/fs.ts';
import { compareCodeUnits } from '../util/path.ts';

export interface FoundEvents {
  readonly events: readonly NamedEvent[];
  /** Globs that match no file. */
  readonly idle: readonly string[];
}

const ANSWER = '.answer.json';

/** Reads the events that absolute globs name, in the order of their paths, with the answers recorded beside them. Throws `EVENT_INVALID`. */
export async function findEvents(globs: readonly string[]): Promise<FoundEvents> {
  const matches = await Promise.all(
    globs.map(async glob => {
      const paths = await fastGlob(glob, { absolute: true, dot: true, ignore: ['**/node_modules/**'] });
      return paths.filter(path => !path.endsWith(ANSWER));
    }),
  );
  const paths = [...new Set(matches.flat())].sort(compareCodeUnits);
  return {
    events: await Promise.all(paths.map(path => readEvent(path, nameEvent(path, paths)))),
    idle: globs.filter((_, index) => matches[index]?.length === 0),
  };
}

/** Where the answer of an event is recorded: `dog.json` has `dog.answer.json`. */
export function answerPathOf(eventPath: string): string {
  return `${eventPath.replace(/\.json$/, '')}${ANSWER}`;
}

async function readEvent(path: string, name: string): Promise<NamedEvent> {
  const text = await readText(path);
  const reason = whyNotJson(text);
  if (reason) throw new SlimError('EVENT_INVALID', [path, reason]);
  return { name, path, text, answer: await orNull(readText(answerPathOf(path))) };
}

/** Editors on Windows write a byte order mark, which is no JSON. */
async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error;
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}

/** The file's name without `.json`, with as many of its folders as tell it from the others. */
function nameEvent(path: string, paths: readonly string[]): string {
  const parts = path.replace(/\.json$/, '').split('/');
  for (let count = 1; count < parts.length; count++) {
    const name = parts.slice(-count).join('/');
    if (paths.filter(other => other.replace(/\.json$/, '').endsWith(`/${name}`)).length === 1) return name;
  }
  return path;
}

/** Why a text is no JSON, with line and column where Node.js tells the place; null when it is. */
function whyNotJson(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (text.trim() === '') return 'the file is empty';
    const message = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position === undefined || / line \d/.test(message)) return message;
    const before = text.slice(0, Number(position)).split('\n');
    return `${message} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`;
  }
}
