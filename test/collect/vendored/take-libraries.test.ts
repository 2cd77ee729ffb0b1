import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../../src/util/exec.ts';
import { readOwnManifest } from '../../../src/util/own-manifest.ts';
import { withProject } from '../../helpers/project.ts';

const SCRIPT = join(readOwnManifest().root, 'src/collect/vendored/take_libraries.sh');

/** What the dynamic linker of this machine finds for Node.js itself, outside any container: its name and path. */
async function listNeeds(): Promise<ReadonlyMap<string, string>> {
  const found = await exec('ldd', [process.execPath], { cwd: '/' }).catch(() => null);
  const lines = found?.stdout.matchAll(/^\s*(\S+) => (\/\S+) /gm) ?? [];
  return new Map([...lines].map(([, name = '', path = '']) => [name, path]));
}

interface Taken {
  readonly files: readonly string[];
  readonly absent: string;
  readonly taken: string;
}

/** Runs the script for a tree with one module; `provided` is what Lambda would have. */
async function take(provided: readonly string[], wanted: readonly string[], module: string): Promise<Taken> {
  return withProject({ 'tree/.hidden/a b/readme.txt': '', 'place/.keep': '' }, async dir => {
    await copyFile(module, join(dir, 'tree/.hidden/a b/module.node'));
    const place = join(dir, 'place');
    await mkdir(place, { recursive: true });
    const write = (name: string, lines: readonly string[]): Promise<void> =>
      writeFile(join(place, name), lines.map(line => `${line}\n`).join(''));
    await write('provided', provided);
    await write('wanted', wanted);
    await exec('sh', [SCRIPT, join(dir, 'tree'), place], { cwd: dir });
    const read = (name: string): Promise<string> => readFile(join(place, name), 'utf8');
    const files = (await readdir(join(place, 'lib'))).filter(name => name !== 'licences').sort();
    return { files, absent: await read('absent'), taken: await read('taken') };
  });
}

/** Of two packages that were built from one source, of which the other one brings the licence. */
const FAKE_RPM = {
  'bin/rpm': `#!/bin/sh
case "$*" in
  '-qf '*) echo 'libsmall 1.0-2.amzn2023' ;;
  '-qa '*) printf 'other.src.rpm other\\nsmall.src.rpm libsmall\\nsmall.src.rpm big\\n' ;;
  '-q --licensefiles big') echo "$LICENCE" ;;
  '-q --licensefiles '*) echo '(contains no files)' ;;
  '-q --queryformat '*) echo small.src.rpm ;;
esac
`,
};

const needs = process.platform === 'linux' ? await listNeeds() : new Map<string, string>();
const names = [...needs.keys()];
const [last = ''] = names.slice(-1);

if (names.length > 1) {
  test('everything that a module needs and Lambda lacks is taken, from folders with any name', async () => {
    const { files, taken, absent } = await take(
      names.filter(name => name !== last),
      [],
      process.execPath,
    );
    assert.equal(files, [last]);
    assert.match(taken, `${last}\t`);
    assert.is(absent, '');
  });

  test('nothing is taken where Lambda has it all', async () => {
    assert.equal((await take(names, [], process.execPath)).files, []);
  });

  test('a name that is asked for is taken although no module needs it, one that is nowhere is told', async () => {
    const others = names.filter(name => name !== last);
    const found = await take(others, [last, 'libnowhere.so.7'], '/etc/hostname');
    assert.equal(found.files, [last]);
    assert.is(found.absent, 'libnowhere.so.7\n');
  });

  test('of what modules need only what is asked for is taken, and what that needs in turn', async () => {
    const libc = names.filter(name => /^libc\.so/.test(name));
    const wanted = names.filter(name => /^libm\.so/.test(name));
    if (wanted.length === 0) return;
    const { files } = await take([], wanted, process.execPath);
    assert.equal(files, [...new Set([...libc, ...wanted])].sort());
  });
}

if (names.length > 1) {
  test('in an image with rpm the licence is of the package, or of one that was built with it', () =>
    withProject(
      { ...FAKE_RPM, 'tree/.keep': '', 'place/provided': '', 'licences/COPYING': 'GPL' },
      async dir => {
        const place = join(dir, 'place');
        await copyFile(process.execPath, join(dir, 'tree/module.node'));
        await writeFile(join(place, 'provided'), names.slice(0, -1).join('\n'));
        await writeFile(join(place, 'wanted'), '');
        await chmod(join(dir, 'bin/rpm'), 0o755);
        const PATH = [join(dir, 'bin'), process.env.PATH].join(delimiter);
        const env = { ...process.env, PATH, LICENCE: join(dir, 'licences/COPYING') };
        await exec('sh', [SCRIPT, join(dir, 'tree'), place], { cwd: dir, env });
        assert.is(await readFile(join(place, 'taken'), 'utf8'), `${last}\tlibsmall\t1.0-2.amzn2023\n`);
        assert.is(await readFile(join(place, 'lib/licences/libsmall/COPYING'), 'utf8'), 'GPL');
      },
    ));
}

test.run();
