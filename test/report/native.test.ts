import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainPath } from '../../src/report/explain.ts';
import { formatExplanation } from '../../src/report/format-explanation.ts';
import { formatNative } from '../../src/report/format-native.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';
import type { BuildResult, NativeReport } from '../../src/types.ts';
import { entryOf, makeResult } from '../helpers/results.ts';

const MIB = 1024 * 1024;

const REPORT: NativeReport = {
  files: [
    { path: 'a/libx.so', outcome: 'stripped', bytesBefore: 30 * MIB, bytesAfter: 20 * MIB, reason: null },
    { path: 'b/y.node', outcome: 'nothing to strip', bytesBefore: MIB, bytesAfter: MIB, reason: null },
    { path: 'b/z', outcome: 'kept: not understood', bytesBefore: 9, bytesAfter: 9, reason: 'it is odd' },
  ],
  shared: [{ path: 'b/libx.so', target: 'a/libx.so', bytes: 20 * MIB }],
  compressed: null,
};

const COMPRESSED: NonNullable<NativeReport['compressed']> = {
  format: 'zstd',
  files: [{ path: 'a/libx.so', bytes: 20 * MIB, compressedBytes: 5 * MIB, filter: 'x86' }],
  tmpBytes: 20 * MIB,
  compressedBytes: 5 * MIB,
  inflate: { wallMs: 120, cpuMs: 200, peakBytes: 40 * MIB, cores: 2, runs: 3 },
};

const wordsOf = (native: NativeReport): string =>
  formatNative({ native, tmpMiB: 512 }, PLAIN_STYLE)
    .slice(1)
    .map(line => line.trim())
    .join('\n');

test('the summary counts what was done and what it saves', () => {
  assert.is(
    wordsOf(REPORT),
    'Native libraries\n1 file of 3 stripped and verified: 10 MiB less; 1 kept as it was\n1 equal file became links: 20 MiB less',
  );
  assert.equal(
    formatNative({ native: { files: [], shared: [], compressed: null }, tmpMiB: 512 }, PLAIN_STYLE),
    [],
  );
});

test('compressed libraries are told with what they save and what they cost', () => {
  const words = wordsOf({ ...REPORT, compressed: COMPRESSED });
  assert.match(words, '1 library compressed with zstd: 20 MiB travel as 5 MiB');
  assert.match(words, '20 MiB of its 512 MiB');
  assert.match(words, '120 ms on 2 cores here (200 ms of CPU, 40 MiB of memory at most)');
  assert.match(wordsOf({ ...REPORT, compressed: { ...COMPRESSED, inflate: null } }), 'was not measured');
});

const RULE = { id: 'native/compressed', why: 'travels compressed, and is inflated on its first use' };

function whyOf(path: string): string {
  const origin = { kind: 'include', pattern: '**' } as const;
  const entries = ['a/libx.so', 'b/libx.so', 'b/z'].map(name => entryOf(name, 1, origin));
  const removals = [{ path: 'c/liby.so', bytes: 9, rule: RULE, parents: ['a/libx.so'] }];
  const result: BuildResult = makeResult({ tree: { entries, packages: [], removals }, native: REPORT });
  const answer = explainPath(path, result);
  if (answer.kind !== 'kept' && answer.kind !== 'removed') throw new Error(answer.kind);
  return formatExplanation(answer, 'function', PLAIN_STYLE).join('\n');
}

test('why says what was done to a library', () => {
  assert.match(whyOf('a/libx.so'), 'stripped of 10 MiB, and verified');
  assert.match(whyOf('a/libx.so'), 'also stands for b/libx.so');
  assert.match(whyOf('b/libx.so'), 'a link to a/libx.so, which has the same 20 MiB');
  assert.match(whyOf('b/z'), 'kept: not understood: it is odd');
});

test('a library that travels compressed is shipped as it is by a setting of its own', () => {
  const words = whyOf('c/liby.so');
  assert.match(words, '"native": { "compress": { "except": ["c/liby.so"] } }');
  assert.not.match(words, '"keep"');
  assert.not.match(words, 'disable');
});

test.run();
