import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/check/check.ts';
import { checkLimits } from '../../src/check/check-limits.ts';
import { checkRuntime } from '../../src/check/check-runtime.ts';
import { checkSecrets } from '../../src/check/check-secrets.ts';
import { checkTmp } from '../../src/check/check-tmp.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { elfOf } from '../helpers/elf.ts';
import { entryOf } from '../helpers/results.ts';

const codes = (findings: readonly { code: string; level: string }[]): string[] =>
  findings.map(({ code, level }) => `${code} ${level}`);

test('unzipped, the limit itself is too much', () => {
  assert.equal(checkLimits({ zippedBytes: 1, unzippedBytes: 262_143_999 }), []);
  assert.equal(checkLimits({ zippedBytes: 1, unzippedBytes: 262_144_000 }), [
    { code: 'LIMIT_UNZIPPED', level: 'error', bytes: 262_144_000, limit: 262_144_000 },
  ]);
});

test('zipped, the limit itself still goes, and more of it goes through S3', () => {
  assert.equal(checkLimits({ zippedBytes: 52_428_800, unzippedBytes: 1 }), []);
  assert.equal(codes(checkLimits({ zippedBytes: 52_428_801, unzippedBytes: 1 })), ['LIMIT_ZIPPED warning']);
  assert.equal(checkLimits({ zippedBytes: null, unzippedBytes: 1 }), []);
});

test('a runtime is deprecated from its day on, in UTC', () => {
  const runtime = findRuntime('nodejs20.x');
  assert.equal(checkRuntime(runtime, new Date('2026-04-29T23:59:59Z')), []);
  assert.equal(checkRuntime(runtime, new Date('2026-04-30T00:00:00Z')), [
    {
      code: 'RUNTIME_DEPRECATED',
      level: 'warning',
      runtime: 'nodejs20.x',
      deprecated: '2026-04-30',
      blockCreate: '2027-02-01',
      blockUpdate: '2027-03-03',
    },
  ]);
  assert.equal(checkRuntime({ ...runtime, deprecated: null }, new Date('2999-01-01')), []);
});

test('files that hold secrets by their names are told, wherever they lie', () => {
  const secret = [
    '.env',
    'src/.env.production',
    '.npmrc',
    'keys/id_rsa',
    'tls/server.key',
    '.aws/credentials',
    'a.p12',
  ];
  const harmless = [
    '.env.example',
    'src/env.js',
    'keys.js',
    'id_rsa.pub',
    'credentials',
    'config',
    '.aws-sdk/config',
    'keyboard',
  ];
  const found = checkSecrets([...secret, ...harmless]);
  assert.equal(
    found.map(finding => (finding.code === 'SECRET_FILE' ? finding.path : finding.code)),
    secret,
  );
  assert.ok(found.every(({ level }) => level === 'warning'));
});

test('the stage looks at the tree, the zip and the runtime at once', () => {
  const origin = { kind: 'include', pattern: '**' } as const;
  const tree = {
    entries: [entryOf('.env', 3, origin), entryOf('model', 262_144_000, origin)],
    packages: [],
    removals: [],
  };
  const platform = { runtime: findRuntime('nodejs20.x'), os: 'linux', arch: 'x64', libc: 'glibc' } as const;
  const natives = {
    files: [{ path: 'lib/a.so', bytes: 1, mode: 0o644, native: elfOf({ machine: 'aarch64' }) }],
    links: [],
    compressed: [],
  };
  const tmp = { bytes: 600 * 1024 * 1024, sizeMiB: 512 };
  const found = check(
    { tree, unzippedBytes: 262_144_003, artifact: null, platform, natives, tmp },
    new Date('2026-11-21'),
  );
  assert.equal(codes(found), [
    'RUNTIME_DEPRECATED warning',
    'LIMIT_UNZIPPED error',
    'TMP_TOO_SMALL error',
    'SECRET_FILE warning',
    'ARCH_MISMATCH error',
  ]);
});

test('/tmp has to hold the inflated libraries, and some room besides', () => {
  const mib = 1024 * 1024;
  assert.equal(checkTmp(460 * mib, 512), []);
  assert.equal(codes(checkTmp(470 * mib, 512)), ['TMP_TOO_SMALL warning']);
  assert.equal(codes(checkTmp(512 * mib, 512)), ['TMP_TOO_SMALL warning']);
  assert.equal(codes(checkTmp(512 * mib + 1, 512)), ['TMP_TOO_SMALL error']);
  assert.equal(checkTmp(512 * mib + 1, 1024), []);
});

test.run();
