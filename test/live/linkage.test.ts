import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, LinkageFinding } from '../../src/findings.ts';
import type { Arch } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { checkFile, platformOf } from '../helpers/check.ts';

const NUMPY = 'numpy==2.4.6';

/** Installs wheels for a CPython of Linux into a folder, on any host. */
async function installWheels(dir: string, minor: string, ...wheels: readonly string[]): Promise<void> {
  const platforms = ['manylinux_2_28_x86_64', 'manylinux2014_x86_64'].flatMap(tag => ['--platform', tag]);
  const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--python-version', minor, ...platforms];
  await exec('python3', ['-m', 'pip', 'install', ...options, '--target', dir, ...wheels], { cwd: '.' });
}

async function installNpm(
  dir: string,
  os: string,
  cpu: string,
  ...packages: readonly string[]
): Promise<void> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--os', os, '--cpu', cpu, '--prefix', dir];
  await exec('npm', ['install', ...options, ...packages], { cwd: dir });
}

async function findingsOf(
  path: string,
  runtime: string,
  arch: Arch = 'x64',
): Promise<readonly LinkageFinding[]> {
  const { findings } = await checkFile(path, platformOf(runtime, arch));
  return findings.filter((finding): finding is LinkageFinding => 'package' in finding && 'bytes' in finding);
}

const errors = (findings: readonly Finding[]): readonly string[] => [
  ...new Set(findings.filter(({ level }) => level === 'error').map(({ code }) => code)),
];

test('numpy 2.4 asks too much of python3.11, which is Amazon Linux 2, and loads on python3.12', () =>
  withTempDir(async dir => {
    await installWheels(join(dir, '311'), '3.11', NUMPY);
    await installWheels(join(dir, '312'), '3.12', NUMPY);
    const [finding, ...others] = await findingsOf(join(dir, '311'), 'python3.11');
    assert.ok(finding?.code === 'GLIBC_TOO_NEW');
    assert.equal(
      [finding.level, finding.needs, finding.has, finding.package, others],
      ['error', '2.27', '2.26', 'numpy', []],
    );
    assert.ok(finding.fits.includes('python3.12'));
    assert.equal(await findingsOf(join(dir, '312'), 'python3.12'), []);
    assert.equal(errors(await findingsOf(join(dir, '312'), 'python3.13')), ['PYTHON_ABI_MISMATCH']);
    assert.equal(errors(await findingsOf(join(dir, '312'), 'python3.12', 'arm64')), ['ARCH_MISMATCH']);
  }));

test('numpy that GNU strip damaged is found in a zip that another tool made', () =>
  withTempDir(async dir => {
    const tree = join(dir, 'tree');
    await installWheels(tree, '3.12', NUMPY);
    const libraries = (await readdir(join(tree, 'numpy.libs'))).map(name => join(tree, 'numpy.libs', name));
    await exec('strip', ['--strip-unneeded', ...libraries], { cwd: dir });
    const zip = join(dir, 'function.zip');
    await exec('python3', ['-m', 'zipfile', '-c', zip, join(tree, 'numpy'), join(tree, 'numpy.libs')], {
      cwd: dir,
    });
    const findings = await findingsOf(zip, 'python3.12');
    assert.equal(errors(findings), ['STRIP_DAMAGED']);
    const damaged = findings.flatMap(({ code, paths }) => (code === 'STRIP_DAMAGED' ? paths : []));
    assert.ok(
      damaged.some(path => path.includes('openblas')),
      damaged.join('\n'),
    );
    assert.ok(
      damaged.some(path => path.includes('libgfortran')),
      damaged.join('\n'),
    );
    const { findings: ofAnyRuntime } = await checkFile(zip);
    assert.equal(errors(ofAnyRuntime), ['STRIP_DAMAGED']);
  }));

test('sharp that was installed on a Mac fails, and loads when it was installed for Linux', () =>
  withTempDir(async dir => {
    await installNpm(dir, 'darwin', 'arm64', 'sharp@0.35.5');
    const findings = await findingsOf(dir, 'nodejs24.x');
    assert.equal(errors(findings), ['NOT_LINUX']);
    assert.ok(findings.some(({ package: name }) => name === 'node_modules/@img/sharp-darwin-arm64'));
    await rm(join(dir, 'node_modules'), { recursive: true });
    await rm(join(dir, 'package-lock.json'));
    await installNpm(dir, 'linux', 'x64', '--libc', 'glibc', 'sharp@0.35.5');
    assert.equal(await findingsOf(dir, 'nodejs24.x'), []);
    assert.equal(errors(await findingsOf(dir, 'nodejs24.x', 'arm64')), ['ARCH_MISMATCH']);
  }));

test('onnxruntime-node tells the waste of other platforms, and fails without its own', () =>
  withTempDir(async dir => {
    await installNpm(dir, 'linux', 'x64', 'onnxruntime-node@1.30.0');
    const whole = await findingsOf(dir, 'nodejs24.x');
    assert.equal(
      whole.map(({ code, level }) => `${code} ${level}`),
      ['ARCH_MISMATCH warning', 'NOT_LINUX warning'],
    );
    assert.ok(whole.every(({ bytes }) => bytes > 20_000_000));
    await rm(join(dir, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64'), { recursive: true });
    assert.ok(errors(await findingsOf(dir, 'nodejs24.x')).includes('ARCH_MISMATCH'));
  }));

test('lightgbm needs the OpenMP that Lambda does not have, and a layer may bring it', () =>
  withTempDir(async dir => {
    await installWheels(dir, '3.12', 'lightgbm==4.6.0');
    const [finding] = await findingsOf(dir, 'python3.12');
    assert.ok(finding?.code === 'LIB_MISSING');
    assert.equal([finding.level, finding.libraries], ['error', ['libgomp.so.1']]);
    assert.match(finding.advice ?? '', 'libgomp');
  }));

test.run();
