import { link, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { SlimError } from '../../errors.ts';
import { errnoOf, makeFolders, orNull } from '../../util/fs.ts';
import { NO_LINKS } from './lock-file.ts';
import { toTemporary } from './server-time.ts';
import type { Store } from './store.ts';
import { flushFolder } from './sync-file.ts';

/** `store.json`: what makes a folder a store, and says whose it is. */
export interface StoreMark {
  readonly schema: 1;
  /** Of the function whose releases lie there. */
  readonly name: string;
}

const MOST_BYTES = 65_536;
const MOST_NAMED = 3;

/** What does not make a folder one of somebody else: the function that syncs says in `runs` how far it is, also before there is a store. */
const ASIDE = ['lost+found', 'runs'];

/** The mark of a store; null where a folder is not there, or empty. Throws `STORE_IN_THE_WAY` where it is something else. */
export async function readMark(store: Store): Promise<StoreMark | null> {
  // Listed first: a store that another makes meanwhile has its mark before anything else.
  const names = (await orNull(readdir(store.dir))) ?? [];
  const bytes = (await orNull(stat(store.mark)))?.size;
  if (bytes !== undefined)
    return parseMark(store, bytes > MOST_BYTES ? '' : await readFile(store.mark, 'utf8'));
  const others = names.filter(name => !name.startsWith('.') && !ASIDE.includes(name)).sort();
  if (others.length === 0) return null;
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
  const reason = `it has ${others.slice(0, MOST_NAMED).join(', ')}${more}, and no store.json`;
  throw new SlimError('STORE_IN_THE_WAY', [store.dir, reason]);
}

function parseMark({ dir }: Store, text: string): StoreMark {
  try {
    const { schema, name }: Record<string, unknown> = JSON.parse(text);
    if (schema === 1 && typeof name === 'string' && name !== '') return { schema, name };
  } catch {
    // What is no JSON is no mark either.
  }
  throw new SlimError('STORE_IN_THE_WAY', [
    dir,
    'its store.json is not the one of a store, or of a later version',
  ]);
}

/** Makes a folder the store of a function, before anything else is written there. Throws `STORE_IN_THE_WAY`, `STORE_OTHER`. */
export async function claimStore(store: Store, name: string): Promise<void> {
  if ((await readMark(store)) === null) {
    await makeFolders(store.dir);
    await writeMark(store, { schema: 1, name });
  }
  const mark = await readMark(store);
  if (mark && mark.name !== name) throw new SlimError('STORE_OTHER', [store.dir, mark.name, name]);
}

/** Leaves one that somebody else made meanwhile as it is. */
async function writeMark({ dir, mark }: Store, content: StoreMark): Promise<void> {
  const temporary = toTemporary(dir);
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.chmod(0o644);
      await file.writeFile(`${JSON.stringify(content)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, mark).catch((error: unknown) => {
      if (errnoOf(error) === 'EEXIST') return;
      if (!NO_LINKS.includes(errnoOf(error) ?? '')) throw error;
      return rename(temporary, mark);
    });
    await flushFolder(dir);
  } finally {
    await orNull(unlink(temporary));
  }
}
