import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installedEntries } from '../../../../src/collect/python/installed/installed-entries.ts';
import type { Reached } from '../../../../src/collect/python/own/trace-python.ts';
import { type Files, withProject } from '../../../helpers/project.ts';
import { wheelFiles } from '../../../helpers/wheels.ts';

const collect = (
  files: Files,
  keep: readonly string[] = [],
  reached: ReadonlyMap<string, Reached> = new Map(),
) => withProject(files, dir => installedEntries({ dir, keep, reached, runtimeProvides: [], project: null }));

const LAUNCHER = '#!/home/me/.venv/bin/python3\nimport tool\n';

/** A distribution as pip lays it out: with its notes, and with launchers that it records beside the folder. */
const TOOL: Files = {
  ...wheelFiles('Some.Tool', '1.0', {
    files: { 'tool/__init__.py': '', 'tool/data "a",b.txt': 'x', 'share/tool.txt': 'y' },
    recorded: ['../../bin/tool,sha256=x,5', '"tool/data ""a"",b.txt",sha256=z,1', '../../share/other.txt,,'],
  }),
  'bin/tool': LAUNCHER,
  'bin/tool.sh': '#!/bin/sh\necho\n',
  'share/other.txt': 'z',
  'Some.Tool-1.0.dist-info/INSTALLER': 'pip',
  'Some.Tool-1.0.dist-info/REQUESTED': '',
  'Some.Tool-1.0.dist-info/direct_url.json': '{}',
};

test('what is installed belongs to the distribution that records it', async () => {
  const { packages, entries, findings } = await collect(TOOL);
  const [tool] = packages;
  assert.equal([tool?.ecosystem, tool?.name, tool?.version, tool?.dir], ['pypi', 'some-tool', '1.0', '']);
  assert.equal(tool?.owns, [
    'Some.Tool-1.0.dist-info/METADATA',
    'Some.Tool-1.0.dist-info/RECORD',
    'Some.Tool-1.0.dist-info/WHEEL',
    'share/other.txt',
    'share/tool.txt',
    'tool/__init__.py',
    'tool/data "a",b.txt',
  ]);
  assert.equal(
    entries.map(({ path }) => path),
    [
      'Some.Tool-1.0.dist-info/METADATA',
      'Some.Tool-1.0.dist-info/RECORD',
      'Some.Tool-1.0.dist-info/WHEEL',
      'bin/tool.sh',
    ].concat(['share/other.txt', 'share/tool.txt', 'tool/__init__.py', 'tool/data "a",b.txt']),
  );
  assert.equal(findings, []);
});

test('what the machine left on them goes, with a reason, unless the user keeps it', async () => {
  const { removals, bytes, files } = await collect(TOOL);
  assert.equal(
    removals.map(({ path, rule, package: name }) => [path, rule.id, name]),
    [
      ['Some.Tool-1.0.dist-info/INSTALLER', 'collect/installer-notes', undefined],
      ['Some.Tool-1.0.dist-info/REQUESTED', 'collect/installer-notes', undefined],
      ['Some.Tool-1.0.dist-info/direct_url.json', 'collect/installer-notes', undefined],
      ['bin/tool', 'collect/launchers', 'some-tool@1.0'],
    ],
  );
  assert.is(files, Object.keys(TOOL).length);
  assert.ok(bytes >= LAUNCHER.length);
  const kept = await collect(TOOL, ['bin/*']);
  assert.ok(kept.entries.some(({ path }) => path === 'bin/tool'));
});

test('a RECORD is written anew, the same whoever installed it', async () => {
  const record = async (files: Files): Promise<string> => {
    const { entries } = await collect(files);
    const entry = entries.find(({ path }) => path === 'a-1.0.dist-info/RECORD');
    assert.ok(entry?.kind === 'file' && entry.source.kind === 'memory');
    assert.is(entry.bytes, entry.source.data.length);
    return Buffer.from(entry.source.data).toString();
  };
  const files = wheelFiles('a', '1.0', { files: { 'a/x.py': 'x', 'a/b,c.py': '' } });
  const info = 'a-1.0.dist-info';
  const shuffled = String(files[`${info}/RECORD`]).trim().split('\n').reverse();
  const ofUv = {
    ...files,
    [`${info}/RECORD`]: `${shuffled.join('\r\n')}\r\n${info}/INSTALLER,,\r\n`,
    [`${info}/INSTALLER`]: 'uv',
  };
  const ofPip = {
    ...files,
    [`${info}/RECORD`]: `${shuffled.join('\n')}\n../../bin/a,,\n`,
    'bin/a': LAUNCHER,
  };
  const text = await record(ofUv);
  assert.is(text, await record(ofPip));
  assert.match(
    text,
    /^"a\/b,c\.py",sha256=\S+,0\na\/x\.py,sha256=\S+,1\na-1\.0\.dist-info\/METADATA|^a-1\.0/,
  );
  assert.match(text, /a-1\.0\.dist-info\/RECORD,,\n/);
  assert.not.match(text, 'INSTALLER');
});

test('paths of a RECORD that lead out are told and own nothing', async () => {
  const recorded = ['/etc/passwd,,', '../../../../x,,', '..\\..\\y,,', 'C:/z,,', 'a/../../b,,'];
  const { findings, packages } = await collect(wheelFiles('evil', '1.0', { recorded }));
  assert.equal(findings, [
    {
      code: 'RECORD_ESCAPES',
      level: 'warning',
      package: 'evil@1.0',
      paths: ['/etc/passwd', '../../../../x', 'C:/z', 'a/../../b'],
    },
  ]);
  assert.ok(packages[0]?.owns?.every(path => path.startsWith('evil')));
});

test('a file that another case took the place of is missed', async () => {
  const files = { ...wheelFiles('a', '1.0', { files: { 'a/x.py': '', 'a/X.py': '' } }) };
  delete (files as Record<string, string>)['a/X.py'];
  const { findings } = await collect(files);
  assert.equal(findings, [
    { code: 'CASE_CLASH', level: 'error', package: 'a@1.0', paths: ['a/x.py', 'a/X.py'] },
  ]);
});

test('two distributions with different bytes for one path', async () => {
  const { findings } = await collect({
    ...wheelFiles('b', '1.0', { files: { 'cv2/__init__.py': 'one', 'same.py': '' } }),
    ...wheelFiles('a', '1.0', { files: { 'cv2/__init__.py': 'two', 'same.py': '' } }),
  });
  assert.equal(findings, [
    { code: 'FILES_CLASH', level: 'warning', packages: ['a', 'b'], paths: ['cv2/__init__.py'] },
  ]);
});

test('without METADATA and RECORD the folder tells the name, and what is there is kept', async () => {
  const { packages, entries } = await collect({
    'old_one-2.0.dist-info/top_level.txt': 'old',
    'old/a.py': '',
  });
  assert.equal([packages[0]?.name, packages[0]?.version, packages[0]?.owns], ['old-one', '2.0', []]);
  assert.is(entries.length, 2);
});

test('what the imports reach says by whom, the rest who brought its package', async () => {
  const place = { dir: '/', findModule: async () => [] };
  const reached = new Map([
    ['app.py', { place, parent: null }],
    ['a/__init__.py', { place, parent: 'app.py' }],
    ['a/b.py', { place, parent: 'a/__init__.py' }],
  ]);
  const files = wheelFiles('a', '1.0', { files: { 'a/__init__.py': '', 'a/b.py': '', 'a/c.py': '' } });
  const { entries } = await collect({ ...files, 'loose.txt': '' }, [], reached);
  const origins = Object.fromEntries(entries.map(({ path, origin }) => [path, origin]));
  assert.equal(origins['a/b.py'], { kind: 'traced', parents: ['a/__init__.py'] });
  assert.equal(origins['a/c.py'], { kind: 'package', package: 'a@1.0', parents: ['app.py'] });
  assert.equal(origins['loose.txt'], { kind: 'package', package: 'what was installed', parents: [] });
});

// Elsewhere no file system has such names.
if (process.platform === 'linux') {
  test('a name that is no UTF-8 is told and left out', () =>
    withProject({ 'a.py': '' }, async dir => {
      const path = Buffer.concat([Buffer.from(`${dir}/b`), Buffer.from([0xff]), Buffer.from('.txt')]);
      await writeFile(path, 'x');
      const { entries, findings } = await installedEntries({
        ...{ dir, keep: [], reached: new Map(), project: null },
        runtimeProvides: [],
      });
      assert.equal(
        entries.map(each => each.path),
        ['a.py'],
      );
      assert.equal(findings, [{ code: 'NAME_NOT_UTF8', level: 'warning', path: 'b\uFFFD.txt' }]);
      spawnSync('rm', ['-r', dir]);
    }));
}

test.run();
