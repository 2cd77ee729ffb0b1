import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

// Reads a store through `current` until its stdin ends. Every file of a release has the release's number in its first word;
// `list.txt` names them all.

const [store = ''] = process.argv.slice(2);
const counts = { rounds: 0, releases: 0, torn: [] as string[], mixed: 0 };
const seen = new Set<string>();
let ended = false;
process.stdin.resume().on('end', () => {
  ended = true;
});

async function readWhole(): Promise<void> {
  const link = await readlink(join(store, 'current')).catch(() => null);
  if (link === null) return void (await delay(2));
  const root = join(store, link);
  const [version, ...paths] = (await readFile(join(root, 'list.txt'), 'utf8')).trim().split('\n');
  const texts = await Promise.all(paths.map(path => readFile(join(root, path), 'utf8')));
  for (const [index, text] of texts.entries()) {
    const isSame = text.startsWith('all ') || text.startsWith(`${version} `);
    if (!isSame || !text.endsWith('end\n')) counts.torn.push(`${link}/${paths[index]}: ${text.slice(0, 40)}`);
  }
  seen.add(link);
  counts.rounds++;
}

/** As code does that knows nothing of releases; it may meet a switch, but never two versions where there was none. */
async function readPlainly(): Promise<void> {
  const read = (path: string): Promise<string> => readFile(join(store, 'current', path), 'utf8');
  const before = await readlink(join(store, 'current')).catch(() => null);
  if (before === null) return;
  const [x, y] = [await read('x.txt'), await read('sub/y.txt')];
  const after = await readlink(join(store, 'current'));
  if (x.split(' ')[0] === y.split(' ')[0]) return;
  counts.mixed++;
  if (before === after) counts.torn.push(`x is of ${x.slice(0, 20)} and y of ${y.slice(0, 20)}`);
}

process.stdout.write('ready\n');
while (!ended) {
  try {
    await readWhole();
    await readPlainly();
  } catch (error) {
    counts.torn.push(String(error));
  }
  await delay(1);
}
process.stdout.write(`${JSON.stringify({ ...counts, releases: seen.size })}\n`);
