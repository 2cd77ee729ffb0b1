import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../../src/errors.ts';
import { Refusal } from '../../helpers/aws-stub/types.ts';
import { type EfsDesk, withEfsDesk } from '../../helpers/publish-efs.ts';

const ONE = { files: { 'model/m.bin': 'model 1' } };
const RECORD = {
  run: 'r',
  round: 1,
  beat: 1,
  phase: 'fetch',
  doneBytes: 10,
  totalBytes: 20,
  result: null,
  error: null,
};

async function failsWith(
  { publish, stub }: EfsDesk,
  text: RegExp,
  hint: RegExp,
  silenceMs = 2000,
): Promise<void> {
  const error = await publish(ONE, { silenceMs }).then(
    () => null,
    (caught: unknown) => caught,
  );
  assert.instance(error, SlimError);
  assert.match((error as SlimError).message, text);
  assert.match((error as SlimError).hint, hint);
  assert.not(stub.state.functions.has('classify'), 'the function is not told of what is not there');
}

test('a VPC without a way to S3 is told with what mends it', () =>
  withEfsDesk(async desk => {
    const error = { code: 'S3_UNREACHABLE', message: 's3://bundles: connect ETIMEDOUT', hint: '' };
    desk.store.script = [{ ...RECORD, state: 'failed', error }];
    await failsWith(desk, /classify-efs-sync cannot reach S3 from its VPC/, /gateway endpoint for S3.*NAT/);
  }));

test('a role that may not read, and whatever else goes wrong', () =>
  withEfsDesk(async desk => {
    desk.store.script = [
      { ...RECORD, state: 'failed', error: { code: 'S3_DENIED', message: 'Access Denied', hint: '' } },
    ];
    await failsWith(desk, /may not read the bundle: Access Denied/, /s3:GetObject/);
    const error = {
      code: 'SYNC_UNWRITABLE',
      message: 'Cannot write /mnt/ml/x: no space.',
      hint: 'Free some.',
    };
    desk.store.script = [{ ...RECORD, state: 'failed', error }];
    await failsWith(desk, /could not bring the release: Cannot write/, /Free some\./);
  }));

test('a run that says nothing any more is given up, and one that never began', () =>
  withEfsDesk(async desk => {
    desk.store.script = [{ ...RECORD, state: 'running' }];
    await failsWith(
      desk,
      /nothing was heard of it while it was at "fetch"/,
      /\/aws\/lambda\/classify-efs-sync/,
      200,
    );
  }));

test('a round that could not start the next one has it started by us, once', () =>
  withEfsDesk(async ({ store, publish }) => {
    const result = { wasThere: false, files: 1, bytes: 20, writtenBytes: 20, fetchedBytes: 9 };
    const paused = { ...RECORD, state: 'paused' };
    store.script = [
      { ...RECORD, state: 'running' },
      ...[paused, paused],
      { ...RECORD, round: 2, state: 'running', doneBytes: 15 },
      { ...RECORD, round: 2, state: 'continuing', doneBytes: 16 },
      { ...RECORD, round: 3, state: 'done', doneBytes: 20, result },
    ];
    await publish(ONE);
    assert.equal(
      store.tasks.map(({ round, ...rest }) => [round, 'reached' in rest ? rest.reached : null]),
      [
        [undefined, null],
        [2, 10],
      ],
    );
    assert.is(new Set(store.tasks.map(({ run }) => run)).size, 1);
  }));

test('a mount that does not come is told in words', () =>
  withEfsDesk(async desk => {
    desk.store.invoke as unknown;
    Object.assign(desk.store, {
      invoke: () => {
        throw new Refusal(
          408,
          'EFSMountConnectivityException',
          'The Lambda function could not make a network connection to the configured file system.',
        );
      },
    });
    await failsWith(desk, /could not reach the file system/, /mount target.*TCP 2049/);
  }));

test('the sample is answered, and one that fails keeps the alias where it was', () =>
  withEfsDesk(
    async ({ stub, publish }) => {
      const wish = { ...ONE, config: { alias: 'live' } };
      const { answer } = await publish({ ...wish, sample: '{"picture":1}' });
      assert.is(answer, '{"label":"boot"}');
      const error = await publish({ ...wish, code: 'handler 2', sample: '{"fails":1}' }).catch(
        (caught: Error) => caught,
      );
      assert.match((error as Error).message, /classify failed on the sample with TypeError: no picture/);
      assert.is(stub.state.functions.get('classify')?.aliases.get('live')?.version, '1');
    },
    {
      invoke: ({ event }) => {
        if ((event as Record<string, unknown>).fails) throw new TypeError('no picture');
        return { label: 'boot' };
      },
    },
  ));

test.run();
