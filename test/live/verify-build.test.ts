import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimes } from '../../src/platform/runtimes.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';

/** The Node.js that runs the tests, so that none has to be fetched. */
const RUNTIME = runtimes.find(({ id }) => id === `nodejs${process.versions.node.split('.')[0]}.x`)?.id;

const env = { PATH: process.env.PATH ?? '' };

/** Nothing that traces code sees which file this reads. */
const FINDS_ITSELF = `
  const fs = require('node:fs');
  const [, file] = /\\(?(\\/[^():]+):\\d+:\\d+\\)?/.exec(new Error().stack);
  exports.read = name => fs['readFile' + 'Sync'](require('node:path').resolve(file, '..', name), 'utf8');
`;

const PROJECT: Files = {
  'package.json': '{"name":"fn","version":"1.0.0","type":"module","dependencies":{"reader":"1.0.0"}}',
  'lambda-slim.config.json': `{\n  "entry": "index.js",\n  "runtime": "${RUNTIME}",\n  "external": ["reader"]\n}\n`,
  'index.js':
    "import { read } from 'reader';\nexport const handler = async event => ({ text: read(event.name) });\n",
  'events/readme.json': '{"name":"types/index.d.ts"}',
  'node_modules/reader/package.json': '{"name":"reader","version":"1.0.0","main":"index.cjs"}',
  'node_modules/reader/index.cjs':
    "const { readFileSync } = require('node:fs');\nexports.read = name => readFileSync(require('node:path').join(__dirname, name), 'utf8');\n",
  'node_modules/reader/types/index.d.ts': 'export function read(name: string): string;\n',
  'node_modules/reader/types/other.d.ts': 'export {};\n',
  'node_modules/reader/README.md': '# reader\n',
};

if (process.platform === 'linux' && RUNTIME !== undefined) {
  test('a build that removed too much: blame, --auto-keep, build again, and it is the same', () =>
    withProject(PROJECT, async cwd => {
      const build = await runFake(['build', '--no-cache'], { cwd, env });
      assert.is(build.code, 0, build.stderr);
      const bad = await runFake(['verify', '--no-cache', '--auto-keep'], { cwd, env });
      assert.is(bad.code, 1, bad.stdout + bad.stderr);
      assert.match(bad.stdout, /The rule \S+ is to\s+blame/);
      assert.match(bad.stderr, 'Added to ');
      const config = await readFile(join(cwd, 'lambda-slim.config.json'), 'utf8');
      assert.equal(JSON.parse(config).keep, ['node_modules/reader/types/index.d.ts']);
      assert.is((await runFake(['build', '--no-cache'], { cwd, env })).code, 0);
      const good = await runFake(['verify', '--no-cache'], { cwd, env });
      assert.is(good.code, 0, good.stdout + good.stderr);
      assert.match(good.stdout, 'function.zip  same');
    }));

  test('a bundled package that looks for a file beside its code: the package to leave outside is named, and mends it', () =>
    withProject(
      {
        ...PROJECT,
        'lambda-slim.config.json': JSON.stringify({ entry: 'index.js', runtime: RUNTIME }),
        'node_modules/reader/index.cjs': FINDS_ITSELF,
      },
      async cwd => {
        const build = await runFake(['build', '--no-cache', '--verify', '--json'], { cwd, env });
        assert.is(build.code, 1, build.stderr);
        const { findings } = JSON.parse(build.stdout);
        const told = findings.find(({ code }: { code: string }) => code === 'VERIFY_UNEXPLAINED');
        assert.match(told?.hint ?? '', '"external": ["reader"]');
        const mend = ['--external', 'reader', '--keep', 'node_modules/reader/types/index.d.ts'];
        const again = await runFake(['build', '--no-cache', '--verify', ...mend], { cwd, env });
        assert.is(again.code, 0, again.stdout + again.stderr);
      },
    ));
}

test.run();
