import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KINDS, kindOf } from '../../../src/report/html/kind-of.ts';
import {
  confirmManifest,
  type ManifestReading,
  parseManifest,
} from '../../../src/report/html/parse-manifest.ts';
import type { SubjectInput } from '../../../src/report/html/subject-input.ts';
import { startsOf, toSubject } from '../../../src/report/html/to-subject.ts';

const SHA = 'ab'.repeat(32);

const MANIFEST = {
  schema: 1,
  name: 'pictures',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  arch: 'arm64',
  tmpMiB: 512,
  artifact: { sha256: SHA },
  efs: null,
  stages: [{ stage: 'collect', bytes: 900, files: 3 }],
  removals: [
    { path: 'node_modules/b/win32/b.dll', bytes: 500, rule: 'b/other-platforms', package: 'b@2.0.0' },
    { path: 'node_modules/b/README.md', bytes: 9, rule: 'any-package/readmes' },
  ],
  rules: { 'b/other-platforms': 'Lambda runs Linux only', 'any-package/readmes': 'for people' },
  findings: [
    { code: 'NO_LOCKFILE', level: 'warning', root: 'api' },
    { code: 'FROM_THE_FUTURE', level: 'error' },
    { code: 'LIB_MISSING', level: 'error' },
  ],
};

const INPUT: SubjectInput = {
  facts: { path: '/home/me/out/function.zip', codeSha256: 'q6s=', zippedBytes: 100, unzippedBytes: 230 },
  files: [
    { path: 'node_modules/b/lib/b.node', bytes: 200, compressedBytes: 80, digest: '1' },
    { path: 'index.mjs', bytes: 20, compressedBytes: 15, digest: '2' },
    { path: 'evil\u202e\u0007.js', bytes: 10, compressedBytes: 5, digest: '3' },
  ],
  natives: ['node_modules/b/lib/b.node'],
  linkage: [
    {
      path: 'node_modules/b/lib/b.node',
      needs: [
        { library: 'libc.so.6', state: 'runtime', path: null },
        { library: 'libx.so', state: 'elsewhere', path: 'lib/libx.so' },
        { library: 'liby.so', state: 'missing', path: null },
      ],
    },
  ],
  findings: [{ code: 'COMPRESSED_BROKEN', level: 'error', path: '/home/me/out/function.zip', reason: 'cut' }],
  groups: new Map([['index.mjs', 'your bundled code']]),
  packages: [],
};

const read = (manifest: object): ManifestReading =>
  confirmManifest(parseManifest(JSON.stringify(manifest)), SHA);

test('a build is told with its removals, rules, stages and findings', () => {
  const subject = toSubject(INPUT, {
    runtime: 'nodejs22.x',
    arch: 'arm64',
    manifest: read(MANIFEST),
    starts: [],
  });
  assert.is(subject.name, 'pictures');
  assert.is(subject.file, 'function.zip');
  assert.equal(subject.notes, []);
  assert.equal(
    subject.files.map(([path, bytes, zipped, owner]) => [path, bytes, zipped, subject.packages[owner]]),
    [
      ['evil\\u{202e}\\u{7}.js', 10, 5, 'your files'],
      ['index.mjs', 20, 15, 'your bundled code'],
      ['node_modules/b/lib/b.node', 200, 80, 'b@2.0.0'],
    ],
    'sorted, with harmless names, and the version that a removal of the package tells',
  );
  assert.equal(
    subject.removals.map(([path, bytes, owner, kind, rule]) => [
      path,
      bytes,
      subject.packages[owner],
      KINDS[kind],
      subject.rules[rule]?.why,
    ]),
    [
      ['node_modules/b/README.md', 9, 'b@2.0.0', 'Data and text', 'for people'],
      ['node_modules/b/win32/b.dll', 500, 'b@2.0.0', 'Native libraries', 'Lambda runs Linux only'],
    ],
  );
  assert.equal(
    subject.findings.map(({ code }) => code),
    ['COMPRESSED_BROKEN', 'NO_LOCKFILE'],
    'errors first; what has no words is left out',
  );
});

test('no path of the machine is in it', () => {
  const subject = toSubject(INPUT, { runtime: null, arch: null, manifest: null, starts: [] });
  assert.not.match(JSON.stringify(subject), '/home/me');
  assert.match(subject.findings[0]?.message ?? '', 'function.zip');
});

test('a zip without a manifest says what is not known', () => {
  const subject = toSubject(INPUT, { runtime: null, arch: null, manifest: null, starts: [] });
  assert.equal([subject.removals, subject.stages, subject.rules], [[], [], []]);
  assert.is(subject.name, 'function');
  assert.match(subject.notes.join('\n'), /No manifest lies beside function\.zip/);
  assert.match(subject.notes.join('\n'), /No runtime is known/);
});

test('a manifest of other bytes, or nonsense, is not used, and that is said', () => {
  const other = confirmManifest(parseManifest(JSON.stringify(MANIFEST)), 'cd'.repeat(32));
  const notes = (manifest: ManifestReading): string =>
    toSubject(INPUT, { runtime: 'nodejs22.x', arch: 'x64', manifest, starts: [] }).notes.join();
  assert.match(notes(other), 'that of another build');
  assert.match(notes(read({ ...MANIFEST, removals: 'all' })), 'removals: ');
  assert.match(notes(parseManifest('{"schema": 1')), 'not JSON');
});

test('a rule of a manifest cannot be one of an object by birth', () => {
  const removals = [{ path: 'a', bytes: 1, rule: 'constructor' }];
  const subject = toSubject(INPUT, {
    ...{ runtime: null, arch: null, starts: [] },
    manifest: read({ ...MANIFEST, removals, rules: {} }),
  });
  assert.equal(subject.rules, [{ id: 'constructor', why: '' }]);
});

test('linkage says from where', () => {
  const { linkage } = toSubject(INPUT, { runtime: 'nodejs22.x', arch: 'x64', manifest: null, starts: [] });
  assert.equal(linkage[0]?.needs, [
    { library: 'libc.so.6', state: 'runtime', from: 'the runtime has it' },
    { library: 'libx.so', state: 'artifact', from: 'not where the linker looks: lib/libx.so' },
    { library: 'liby.so', state: 'missing', from: 'nowhere' },
  ]);
});

test('kinds go by the bytes where those are known, else by the name', () => {
  assert.is(kindOf('bin/tool', true), 'Native libraries');
  assert.is(kindOf('lib/libz.so.1.2', false), 'Native libraries');
  assert.is(kindOf('a/__pycache__/b.cpython-312.pyc', false), 'Bytecode');
  assert.is(kindOf('model/net.ONNX', false), 'Models and weights');
  assert.is(kindOf('six-1.0.dist-info/RECORD', false), 'Data and text');
  assert.is(kindOf('a.constructor', false), 'Other');
});

test('verification gives starts of both, and none where nothing was measured', () => {
  const figures = { initMs: 12, coldMs: 30, warmMs: null, maxMemoryBytes: 1 };
  const nothing = { initMs: null, coldMs: null, warmMs: null, maxMemoryBytes: null };
  const report = {
    ...{ events: ['a'], natives: 0, same: true, blameRuns: 0, ms: 1 },
    isolation: { kind: 'process', interpreter: 'node', exactInterpreter: true } as never,
  };
  assert.equal(startsOf({ ...report, original: figures, slim: { ...figures, initMs: 8 } }), [
    { name: 'original', init: [12], first: [30], warm: [] },
    { name: 'slim', init: [8], first: [30], warm: [] },
  ]);
  assert.equal(startsOf({ ...report, original: null, slim: nothing }), []);
});

test.run();
