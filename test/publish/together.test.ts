import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { filesOf } from '../helpers/publish-faults.ts';
import { type Wish, withPublishing } from '../helpers/publish-run.ts';

const wishOf = (version: string): Wish => ({
  files: filesOf(version),
  config: { target: 'layer', alias: 'live' },
});

test('two that publish the same at once leave what one leaves', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    const outcomes = await Promise.allSettled([publish(wishOf('1')), publish(wishOf('1'))]);
    for (const outcome of outcomes) assertForeseen(outcome);
    await publish(wishOf('1'));
    const { versions, aliases } = stub.state.functions.get('classify') ?? {};
    assert.is(aliases?.get('live')?.version, versions?.at(-1)?.version);
    takeWrites();
    await publish(wishOf('1'));
    assert.equal(takeWrites(), []);
  }));

test('of two that publish something else at once, the alias never names a mix of both', async () => {
  const ends: unknown[] = [];
  for (const version of ['2', '3'])
    await withPublishing({}, async ({ stub, publish }) => {
      await publish(wishOf(version));
      ends.push(contentOf(stub.state.functions.get('classify')?.latest));
    });
  await withPublishing({}, async ({ stub, publish }) => {
    await publish(wishOf('1'));
    const outcomes = await Promise.allSettled([publish(wishOf('2')), publish(wishOf('3'))]);
    for (const outcome of outcomes) assertForeseen(outcome);
    assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
    const fn = stub.state.functions.get('classify');
    for (const version of fn?.versions.slice(1) ?? [])
      assert.ok(
        ends.some(end => JSON.stringify(end) === JSON.stringify(contentOf(version))),
        version.version,
      );
    await publish(wishOf('2'));
    assert.equal(contentOf(fn?.latest), ends[0]);
  });
});

test('what somebody else changes while archives are sent is not overwritten', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish({ ...wishOf('1'), environment: { STAGE: 'a' } });
    const onPlan = () => {
      const latest = stub.state.functions.get('classify')?.latest;
      if (latest)
        latest.settings = { ...latest.settings, Environment: { Variables: { STAGE: 'a', ADDED: '2' } } };
    };
    const refused = publish({ ...wishOf('2'), environment: { STAGE: 'b' } }, { onPlan });
    assert.match(String(await refused.catch(String)), 'was changed by somebody else meanwhile');
    assert.equal(variablesOf(stub), { STAGE: 'a', ADDED: '2' });
    await publish({ ...wishOf('2'), environment: { STAGE: 'b' } });
    assert.equal(variablesOf(stub), { STAGE: 'b', ADDED: '2' });
  }));

/** One may be told that somebody else was there; nothing breaks otherwise. */
function assertForeseen(outcome: PromiseSettledResult<unknown>): void {
  if (outcome.status === 'rejected' && !(outcome.reason instanceof SlimError)) throw outcome.reason;
}

const variablesOf = ({ state }: AwsStub) =>
  state.functions.get('classify')?.latest.settings.Environment?.Variables;

interface Published {
  readonly code: { readonly sha256: string };
  readonly layers: readonly { readonly arn: string; readonly code: { readonly sha256: string } }[];
}

function contentOf(version: Published | undefined): unknown {
  return version && [version.code.sha256, ...version.layers.map(({ code }) => code.sha256)];
}

test.run();
