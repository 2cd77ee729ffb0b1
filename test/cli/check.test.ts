import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ran, runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';

/** A folder `fn` with a library for arm64, and a folder `layer`. */
function withArtifact(use: (cwd: string) => Promise<void>): Promise<void> {
  return withProject(
    { 'fn/index.mjs': 'export const handler = 1;', 'layer/lib/note.txt': 'x' },
    async cwd => {
      await mkdir(join(cwd, 'fn/lib'));
      await copyFile('fixtures/elf/libtiny-aarch64.so', join(cwd, 'fn/lib/libtiny.so'));
      await use(cwd);
    },
  );
}

const codes = ({ stdout }: Ran): readonly string[] =>
  JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);

test('check takes a folder and layers, and says what a runtime would add', () =>
  withArtifact(async cwd => {
    const ran = await runFake(['check', 'fn', '--layer', 'layer'], { cwd });
    assert.equal([ran.code, ran.stderr], [0, '']);
    assert.match(ran.stdout, '2 files, 1 native\n');
    assert.match(ran.stdout, `layer ${join(cwd, 'layer')}: 1 file, 1 B unzipped`);
    assert.not.match(ran.stdout, / zipped +\[/);
    assert.match(ran.stdout, 'With --runtime');
    const judged = await runFake(['check', 'fn', '--arch', 'x64', '--runtime', 'nodejs22.x'], { cwd });
    assert.is(judged.code, 1);
    assert.match(judged.stdout, /ARCH_MISMATCH\n +fn?.*aarch64|ARCH_MISMATCH\n.*aarch64/s);
    assert.not.match(judged.stdout, 'With --runtime');
  }));

test('check --json tells layers, natives and null for what a folder has not', () =>
  withArtifact(async cwd => {
    const ran = await runFake(['check', 'fn', '--layer', 'layer', '--layer', 'layer', '--json'], { cwd });
    const { artifact, layers, natives, runtime } = JSON.parse(ran.stdout);
    assert.equal(
      [artifact.zippedBytes, artifact.sha256, layers.length, natives, runtime],
      [null, null, 2, 1, null],
    );
  }));

test('the manifest beside an artifact says what it is for, the command line overrules it', () =>
  withArtifact(async cwd => {
    const manifest = join(cwd, 'fn.manifest.json');
    await writeFile(manifest, JSON.stringify({ runtime: 'nodejs22.x', arch: 'x64' }));
    const ran = await runFake(['check', 'fn', '--json'], { cwd });
    assert.equal(
      [ran.code, JSON.parse(ran.stdout).runtime, codes(ran)],
      [1, 'nodejs22.x', ['ARCH_MISMATCH']],
    );
    const other = await runFake(['check', 'fn', '--json', '--arch', 'arm64'], { cwd });
    assert.equal(
      [other.code, JSON.parse(other.stdout).runtime, codes(other)],
      [0, 'nodejs22.x', ['LIB_BY_NAME']],
    );
    await writeFile(manifest, '{"runtime": 5}');
    const invalid = await runFake(['check', 'fn'], { cwd });
    assert.is(invalid.code, 2);
    assert.match(invalid.stderr, 'MANIFEST_INVALID');
    assert.is(
      (await runFake(['check', 'fn', '--runtime', 'nodejs22.x', '--arch', 'arm64'], { cwd })).code,
      0,
    );
  }));

test('a layer or artifact that is not there is named', () =>
  withArtifact(async cwd => {
    for (const argv of [
      ['check', 'gone'],
      ['check', 'fn', '--layer', 'gone.zip'],
    ]) {
      const ran = await runFake(argv, { cwd });
      assert.equal([ran.code, ran.stdout], [2, '']);
      assert.match(ran.stderr, /INPUT_UNREADABLE[\s\S]*gone/);
    }
  }));

test.run();
