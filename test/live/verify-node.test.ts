import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import type { Verified } from '../../src/verify/verify.ts';
import { HAS_RUNTIME, RUNTIME, verifyWithout } from '../helpers/planted-function.ts';
import { withProject } from '../helpers/project.ts';
import { blamedBy, verifyFolders } from '../helpers/verify-folders.ts';

const COMPILE = `
  const ts = require('typescript');
  exports.handler = async ({ code, mail }) => {
    if (mail) return require('nodemailer').createTransport({ jsonTransport: true }).sendMail({ from: 'a@b.c', to: 'd@e.f', text: 'x' }).then(({ envelope }) => envelope);
    const host = ts.createCompilerHost({});
    const source = host.getSourceFile;
    host.getSourceFile = (name, ...rest) => (name === 'a.ts' ? ts.createSourceFile(name, code, 99) : source(name, ...rest));
    const program = ts.createProgram(['a.ts'], { lib: ['lib.es5.d.ts'], types: [], noEmit: true }, host);
    return ts.getPreEmitDiagnostics(program).map(({ messageText, code }) => [code, ts.flattenDiagnosticMessageText(messageText, ' ')]);
  };`;

const RESIZE = `
  exports.handler = async ({ image }) => {
    if (!image) return 'nothing to do';
    const { data, info } = await require('sharp')({ create: { width: 8, height: 8, channels: 3, background: '#fa0' } }).resize(4, 4).raw().toBuffer({ resolveWithObject: true });
    return { statusCode: 200, isBase64Encoded: true, body: data.toString('base64'), headers: { size: info.size } };
  };`;

/** Installs packages beside a handler, and gives that folder and a copy of it. */
async function withPackages(
  packages: readonly string[],
  handler: string,
  use: (original: string, slim: string) => Promise<void>,
): Promise<void> {
  await withProject(
    { 'original/index.js': handler, 'original/package.json': '{"private":true}' },
    async dir => {
      const [original, slim] = [join(dir, 'original'), join(dir, 'slim')];
      await exec('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
        cwd: original,
      });
      await cp(original, slim, { recursive: true, verbatimSymlinks: true });
      await use(original, slim);
    },
  );
}

const codesOf = ({ findings }: Verified): readonly string[] => findings.map(({ code }) => code);

if (process.platform === 'linux' && HAS_RUNTIME) {
  test('what nobody reads may go', async () => {
    const gone = [
      'node_modules/lazy/docs',
      'node_modules/lazy/types/other.d.ts',
      'node_modules/greeter/README.md',
    ];
    const result = await verifyWithout(gone, {
      greet: { name: 'Ada' },
      lazy: { lazy: true },
      count: { count: 3 },
    });
    assert.equal(codesOf(result), ['VERIFY_VOLATILE']);
    const [told] = result.findings;
    assert.equal(told?.code === 'VERIFY_VOLATILE' && told.places, ['at', 'list.0']);
    assert.ok(result.report.same);
    assert.ok((result.report.slim.initMs ?? 0) > 0);
  });

  test('a package that reads its own package.json, and one that reads its types later on: both files are named', async () => {
    const gone = [
      'node_modules/lazy/docs',
      'node_modules/lazy/types',
      'node_modules/greeter/package.json',
      'node_modules/greeter/README.md',
    ];
    const result = await verifyWithout(gone, { greet: { name: 'Ada' }, lazy: { lazy: true } });
    assert.equal(blamedBy(result), [
      ['node_modules/greeter', ['node_modules/greeter/package.json']],
      ['node_modules/lazy', ['node_modules/lazy/types/index.d.ts']],
    ]);
    assert.ok(result.report.blameRuns <= 20, `${result.report.blameRuns} runs`);
  });

  test('a function that cannot start is found without any event', async () => {
    const result = await verifyWithout(['node_modules/greeter/index.js', 'node_modules/lazy/docs'], {});
    assert.equal(codesOf(result), ['VERIFY_NO_EVENTS', 'VERIFY_FAILED', 'VERIFY_BLAME']);
    assert.equal(blamedBy(result), [['node_modules/greeter', ['node_modules/greeter/index.js']]]);
  });

  test('TypeScript without type declarations, and nodemailer without its package.json', () =>
    withPackages(['typescript@5.9.3', 'nodemailer@7.0.10'], COMPILE, async (original, slim) => {
      for (const path of await fastGlob(['node_modules/**/*.{d.ts,md}', 'node_modules/*/package.json'], {
        cwd: slim,
      }))
        if (path !== 'node_modules/typescript/package.json') await rm(join(slim, path));
      const events = { types: { code: 'const a: number = "x"; [1].map(x => x);' }, mail: { mail: true } };
      const result = await verifyFolders({ original, slim, runtime: RUNTIME, events, memoryMiB: 1024 });
      console.log(`\n${result.report.blameRuns} runs, ${result.report.ms} ms`);
      assert.equal(blamedBy(result), [
        ['node_modules/nodemailer', ['node_modules/nodemailer/package.json']],
        [
          'node_modules/typescript',
          ['decorators', 'decorators.legacy', 'es5'].map(
            lib => `node_modules/typescript/lib/lib.${lib}.d.ts`,
          ),
        ],
      ]);
    }));

  test('a library that is loaded by a module that is loaded late', () =>
    withPackages(['sharp@0.34.5'], RESIZE, async (original, slim) => {
      const gone = await fastGlob(
        ['node_modules/@img/sharp-libvips-linux-*/lib/*.so*', 'node_modules/**/*.{d.ts,md,h}'],
        { cwd: slim },
      );
      for (const path of gone) await rm(join(slim, path));
      const result = await verifyFolders({
        original,
        slim,
        runtime: RUNTIME,
        events: { plain: {}, image: { image: true } },
      });
      console.log(`\n${result.report.blameRuns} runs, ${result.report.ms} ms`);
      assert.ok(result.findings[0]?.code === 'VERIFY_FAILED' && result.findings[0].event === 'image');
      const [[, paths] = [], ...others] = blamedBy(result);
      assert.equal(others, []);
      assert.is(paths?.length, 1, JSON.stringify(result.findings));
      assert.match(paths?.[0] ?? '', /sharp-libvips-linux-\w+\/lib\/libvips-cpp\.so/);
    }));
}

test.run();
