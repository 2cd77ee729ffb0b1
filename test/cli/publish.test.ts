import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import type { Ran } from '../helpers/fake-io.ts';
import { FN, GOOD, PLATFORM, withDesk } from '../helpers/publish-cli.ts';

test('an artifact with a finding of level error is not sent, and the exit code is 1; a warning is told', () =>
  withDesk(async ({ publish, calls }) => {
    const named = ['--function-name', 'api', '--role', 'lambda-role', ...PLATFORM];
    const fat = await publish('fat.zip', ...named);
    assert.equal([fat.code, fat.stdout], [1, ''], fat.stderr);
    assert.match(fat.stderr, /LIMIT_UNZIPPED[\s\S]*PUBLISH_CHECK_FAILED/);
    const json = await publish('fat.zip', ...named, '--json');
    assert.is(json.code, 1);
    const codes = JSON.parse(json.stdout).findings.map(({ code }: { code: string }) => code);
    assert.ok(codes.includes('LIMIT_UNZIPPED'));
    assert.equal(calls(), []);
    const secret = await publish('secret.zip', ...named);
    assert.is(secret.code, 0, secret.stderr);
    assert.match(secret.stderr, 'SECRET_FILE');
  }));

test('a zip of another tool is published as it is told; what is not told stays', () =>
  withDesk(
    async ({ publish, calls, stub }) => {
      const argv = ['good.zip', '--function-name', 'theirs', ...PLATFORM];
      const first = await publish(...argv);
      assert.is(first.code, 0, first.stderr);
      assert.match(first.stdout, 'theirs in eu-west-1  1 change');
      assert.equal(calls('writes'), ['UpdateFunctionCode']);
      const again = await publish(...argv, '--memory', '512');
      assert.is(again.code, 0, again.stderr);
      assert.equal(calls('writes'), ['UpdateFunctionCode', 'UpdateFunctionConfiguration']);
      const { settings } = stub.state.functions.get('theirs')?.latest ?? {};
      assert.equal(
        [settings?.MemorySize, settings?.Timeout, settings?.Environment?.Variables],
        [512, 77, { STAGE: 'prod' }],
      );
      const same = await publish(...argv, '--memory', '512');
      assert.match(same.stdout, 'up to date, nothing sent');
    },
    {},
    {
      seed: {
        functions: {
          theirs: {
            zip: zipOf({ 'index.mjs': 'old' }),
            settings: { Timeout: 77, Environment: { Variables: { STAGE: 'prod' } } },
          },
        },
      },
    },
  ));

interface Document {
  readonly schema: number;
  readonly command: string;
  readonly [key: string]: unknown;
}

async function readDocument(ran: Promise<Ran>, exit = 0): Promise<Document> {
  const { code, stdout, stderr } = await ran;
  assert.is(code, exit, stdout + stderr);
  const document = JSON.parse(stdout) as Document;
  assert.equal([document.schema, document.command], [1, 'publish']);
  return document;
}

test('--json gives one document: of a plan, of what was done, of nothing to do, of a rollback, of an error', () =>
  withDesk(async ({ publish, calls, stub }) => {
    const argv = [...FN, '--role', 'lambda-role', '--alias', 'live', '--json'];
    const plan = await readDocument(publish(...argv, '--http-api', '--dry-run'));
    assert.equal([plan.dryRun, plan.functionName, plan.region], [true, 'api', 'eu-west-1']);
    const planned = plan.calls as readonly { readonly call: string; readonly bytes: number | null }[];
    assert.equal(
      planned.slice(0, 3).map(({ call }) => call),
      ['lambda:CreateFunction', 'lambda:PublishVersion', 'lambda:CreateAlias'],
    );
    assert.is(planned[0]?.bytes, GOOD.length);
    assert.equal(plan.notes, ['The HTTP API is open to everyone.']);
    assert.equal(calls('writes'), []);
    const done = await readDocument(publish(...argv, '--http-api'));
    assert.equal([done.dryRun, done.sentBytes], [false, GOOD.length]);
    const items = done.items as readonly Readonly<Record<string, unknown>>[];
    assert.equal(
      items.map(({ what, name, outcome }) => [what, name, outcome]),
      [
        ['function', 'api', 'created'],
        ['version', '1', 'created'],
        ['alias', 'live', 'created'],
        ['http-api', 'api', 'created'],
      ],
    );
    assert.equal(Object.keys(items[0] ?? {}), ['what', 'name', 'outcome', 'where', 'bytes', 'detail']);
    const [api] = stub.state.httpApis.keys();
    assert.equal(done.urls, [`https://${api}.execute-api.eu-west-1.amazonaws.com/predict`]);
    const same = await readDocument(publish(...argv, '--http-api'));
    assert.equal([same.sentBytes, same.urls], [0, done.urls]);
    await publish(...argv, '--memory', '512');
    const back = await readDocument(publish(...argv, '--rollback'));
    assert.is((back.items as readonly { readonly detail: string }[])[0]?.detail, 'version 1 instead of 2');
    const failed = await readDocument(publish(...argv, '--weight', '0'), 2);
    assert.is((failed.error as { readonly code: string }).code, 'USAGE');
  }));

test('a failure half-way says what was done and what was not, and the same command completes it', () => {
  const denied = ['CreateAlias'];
  return withDesk(
    async ({ publish, calls }) => {
      const argv = [...FN, '--role', 'lambda-role', '--alias', 'live'];
      const failed = await publish(...argv);
      assert.is(failed.code, 2, failed.stdout);
      const text = failed.stderr.replace(/\s+/g, ' ');
      assert.match(text, 'error PUBLISH_INCOMPLETE: ');
      assert.match(text, 'Done: function api created; version 1 created. Not done: CreateAlias api:live.');
      assert.match(text, 'The same command then completes');
      denied.length = 0;
      const before = calls('writes').length;
      const done = await publish(...argv);
      assert.is(done.code, 0, done.stderr);
      assert.equal(calls('writes').slice(before), ['PublishVersion', 'CreateAlias']);
      assert.match(done.stdout, /alias\s+live\s+version 1/);
    },
    {},
    { denied },
  );
});

test('values of variables and keys are never printed', () =>
  withDesk(
    async ({ publish, stub }) => {
      const argv = ['--role', 'lambda-role', '--url'];
      const told = [await publish(...argv, '--dry-run'), await publish(...argv, '--json')];
      told.push(await publish(...argv, '--memory', '512', '--debug'));
      assert.equal(
        told.map(({ code }) => code),
        [0, 0, 2],
      );
      for (const { stdout, stderr } of told)
        for (const secret of ['hunter2', stub.env.AWS_SECRET_ACCESS_KEY ?? '', 'X-Amz-Signature'])
          assert.not.ok((stdout + stderr).includes(secret), stdout + stderr);
    },
    {
      'lambda-slim.config.json': JSON.stringify({
        entry: 'index.js',
        environment: { PASSWORD: 'hunter2' },
        publish: { functionName: 'api' },
      }),
    },
    { denied: ['UpdateFunctionConfiguration'] },
  ));

test.run();
