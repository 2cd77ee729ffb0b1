import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AwsStubOptions } from '../helpers/aws-stub/aws-stub.ts';
import { withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { type Ran, runFake } from '../helpers/fake-io.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:deps:1';

const SEED: NonNullable<AwsStubOptions['seed']> = {
  layers: {
    deps: [{ zip: plainZip({ 'nodejs/wrap.mjs': 'export const handler = 1;', 'nodejs/b.js': '12' }) }],
  },
  functions: {
    api: {
      zip: plainZip({ 'index.mjs': 'export const main = 1;', 'package.json': '{}' }),
      layers: [LAYER],
      settings: {
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Environment: { Variables: { A: 'b' } },
      },
      aliases: { live: '1' },
    },
  },
};

function run(argv: readonly string[], options: AwsStubOptions = {}): Promise<Ran> {
  return withAwsStub({ seed: SEED, ...options }, stub =>
    withProject({}, cwd => runFake(['check', ...argv], { cwd, env: stub.env })),
  );
}

for (const name of ['api', 'api:live', 'arn:aws:lambda:eu-west-1:123456789012:function:api']) {
  test(`${name} is downloaded with its layers, and summed`, async () => {
    const before = await readdir(tmpdir());
    const ran = await run(['--function-name', name, '--json']);
    assert.equal([ran.code, ran.stderr], [1, '']);
    const report = JSON.parse(ran.stdout);
    assert.equal(
      [report.name, report.runtime, report.arch, report.handler, report.environmentBytes],
      [name, 'nodejs20.x', 'x64', 'index.handler', 9],
    );
    assert.equal([report.artifact.unzippedBytes, report.layers[0].unzippedBytes], [24, 27]);
    assert.equal(report.findings.map(({ code }: { code: string }) => code).sort(), [
      'HANDLER_NOT_EXPORTED',
      'RUNTIME_DEPRECATED',
    ]);
    const left = (await readdir(tmpdir())).filter(each => !before.includes(each));
    assert.equal(
      left.filter(each => each.includes(`-${process.pid}-`)),
      [],
    );
  });
}

test('the command line says otherwise than AWS where it is asked to', async () => {
  const argv = ['--function-name', 'api', '--runtime', 'nodejs22.x', '--handler', 'wrap.handler', '--json'];
  const ran = await run(argv);
  assert.equal([ran.code, JSON.parse(ran.stdout).findings], [0, []]);
});

test('what is not there, or given twice over, is refused', async () => {
  const gone = await run(['--function-name', 'other']);
  assert.is(gone.code, 2);
  assert.match(gone.stderr, 'AWS_NOT_FOUND');
  const both = await run(['a.zip', '--function-name', 'api']);
  assert.is(both.code, 2);
  assert.match(both.stderr, 'a.zip');
});

test('layers that may not be read are told, and the rest is judged', async () => {
  const ran = await run(['--function-name', 'api', '--json'], { denied: ['GetLayerVersionByArn'] });
  const { findings, layers } = JSON.parse(ran.stdout);
  assert.equal(layers, []);
  const unknown = findings.find(({ code }: { code: string }) => code === 'LAYER_UNKNOWN');
  assert.equal(unknown?.layers, [LAYER]);
});

test('--account asks for the limits of the account', async () => {
  const ran = await run(['--function-name', 'api', '--account', '--json']);
  assert.equal([ran.code, ran.stderr], [1, '']);
  const denied = await run(['--function-name', 'api', '--account'], { denied: ['GetAccountSettings'] });
  assert.is(denied.code, 2);
  assert.match(denied.stderr, 'AWS_DENIED');
});

test.run();
