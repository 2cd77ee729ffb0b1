import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openAccount } from '../../src/aws/open-account.ts';
import { planRollback, runRollback } from '../../src/publish/rollback.ts';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { onRequest, type Wish, withPublishing } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

const codeOf = (version: string) => ({ 'index.mjs': `handler ${version}` });

/** Code of a version, behind the alias `live`. */
function behindAlias(version: string, weight: number | null = null, count?: number): Wish {
  return {
    files: codeOf(version),
    config: { alias: 'live', provisionedConcurrency: count },
    flags: { weight },
  };
}

/** The alias: the version, the share of a second one, and the note of the way back. */
function aliasOf({ state }: AwsStub) {
  const { version, weights, description } = state.functions.get('classify')?.aliases.get('live') ?? {};
  return [version, weights, description];
}

async function rollBack(stub: AwsStub): Promise<string | null> {
  const { signal } = new AbortController();
  const { lambda } = await openAccount(stub.env, { signal, attempts: 1, pollMs: 1 });
  const rollback = await planRollback(lambda, 'classify', 'live');
  return (await runRollback(lambda, rollback)).detail;
}

test('a canary, promoted, and taken back', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    await publish(behindAlias('1'));
    assert.equal(aliasOf(stub), ['1', {}, '']);
    await publish(behindAlias('2', 10));
    assert.equal(aliasOf(stub), ['1', { 2: 0.1 }, '']);
    takeWrites();
    await publish(behindAlias('2', 10));
    assert.equal(takeWrites(), []);
    await publish(behindAlias('2', 50));
    assert.equal(aliasOf(stub), ['1', { 2: 0.5 }, '']);
    await publish(behindAlias('2'));
    assert.equal(aliasOf(stub), ['2', {}, 'lambda-slim previous=1 of=2']);
    takeWrites();
    await publish(behindAlias('2'));
    assert.equal(takeWrites(), []);
    assert.is(await rollBack(stub), 'version 1 instead of 2');
    assert.equal(aliasOf(stub), ['1', {}, '']);
    await publish(behindAlias('2'));
    assert.equal(aliasOf(stub), ['2', {}, 'lambda-slim previous=1 of=2'], 'and forth again');
    assert.is(stub.state.functions.get('classify')?.versions.length, 2);
  }));

test('a canary that is bad is taken away, and publishing the old code again leaves none', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish(behindAlias('1'));
    await publish(behindAlias('2', 10));
    assert.is(await rollBack(stub), 'version 1 alone; 2 gets no calls any more');
    assert.equal(aliasOf(stub), ['1', {}, '']);
    await publish(behindAlias('2', 10));
    await publish(behindAlias('1'));
    assert.equal(aliasOf(stub), ['3', {}, 'lambda-slim previous=1 of=3']);
  }));

test('a rollback goes where the publish before was, not to the number before', () =>
  withPublishing({}, async ({ stub, publish }) => {
    for (const version of ['1', '2', '3'])
      await publish({ files: codeOf(version), config: { version: true } });
    await publish(behindAlias('3'));
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    if (alias) alias.version = '1';
    await publish(behindAlias('3'));
    assert.equal(aliasOf(stub), ['3', {}, 'lambda-slim previous=1 of=3']);
    assert.is(await rollBack(stub), 'version 1 instead of 3');
    const { signal } = new AbortController();
    const { lambda } = await openAccount(stub.env, { signal, attempts: 1 });
    await rejects(planRollback(lambda, 'classify', 'live'), 'NO_ROLLBACK');
    await rejects(planRollback(lambda, 'classify', 'other'), 'NO_ROLLBACK');
  }));

test('the description of an alias that somebody wrote stays', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish(behindAlias('1'));
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    if (alias) alias.description = 'ours';
    await publish(behindAlias('2'));
    assert.equal(aliasOf(stub), ['2', {}, 'ours']);
    assert.is(await rollBack(stub), 'version 1 instead of 2');
    assert.equal(aliasOf(stub), ['1', {}, 'ours']);
  }));

test('a new alias takes all calls, whatever the weight, and it is said', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    const { notes } = await publish(behindAlias('1', 10));
    assert.match(notes.join(), 'The alias is new, so all calls go to the new version');
    assert.equal(aliasOf(stub), ['1', {}, '']);
    takeWrites();
    await publish(behindAlias('1', 10));
    assert.equal(takeWrites(), []);
  }));

test('who shares the calls with an old version loses them, and no version is made for that', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    for (const version of ['1', '2']) await publish(behindAlias(version));
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    if (alias) alias.weights = { 1: 0.1 };
    takeWrites();
    await publish(behindAlias('2'));
    assert.equal(takeWrites(), ['UpdateAlias']);
    assert.equal(aliasOf(stub), ['2', {}, 'lambda-slim previous=1 of=2']);
  }));

test('while instances still follow an alias, the way back is the version that has the calls', () =>
  withPublishing({ provisionedLooks: 3 }, async ({ stub, publish }) => {
    await publish(behindAlias('1', null, 2));
    await publish(behindAlias('2'));
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    // As Lambda itself leaves it until they are ready.
    if (alias) alias.weights = { 1: 1 };
    assert.is(await rollBack(stub), 'version 1 instead of 2');
    assert.is(aliasOf(stub)[0], '1');
  }));

test('a note of the way back counts only for the version that it was written for', () =>
  withPublishing({}, async ({ stub, publish }) => {
    for (const version of ['1', '2', '3']) await publish(behindAlias(version));
    const alias = stub.state.functions.get('classify')?.aliases.get('live');
    if (alias) alias.version = '2';
    assert.is(await rollBack(stub), 'version 1 instead of 2');
  }));

test('a version without an alias is made where something changed', () =>
  withPublishing({}, async ({ publish, takeWrites }) => {
    const wish = (code: string): Wish => ({ files: codeOf(code), config: { version: true } });
    await publish(wish('1'));
    assert.equal(takeWrites(), ['CreateFunction', 'PublishVersion']);
    await publish(wish('1'));
    assert.equal(takeWrites(), []);
    await publish({ ...wish('1'), memoryMiB: 512 });
    assert.equal(takeWrites(), ['UpdateFunctionConfiguration', 'PublishVersion']);
  }));

const provisionedOf = ({ state }: AwsStub) => state.functions.get('classify')?.provisioned.get('live');

test('provisioned concurrency is waited for, follows the alias, and changes its number', () =>
  withPublishing({ provisionedLooks: 3 }, async ({ stub, publish, takeWrites, takeCalls }) => {
    const made = await publish(behindAlias('1', null, 2));
    assert.is(made.items.find(({ what }) => what === 'concurrency')?.detail, '2 of 2 provisioned');
    assert.is(provisionedOf(stub)?.requested, 2);
    takeWrites();
    const { items } = await publish(behindAlias('1', null, 2));
    assert.equal(takeWrites(), []);
    assert.equal(
      items.map(({ what, outcome, detail }) => [what, outcome, detail]),
      [
        ['function', 'unchanged', null],
        ['alias', 'unchanged', 'version 1'],
        ['concurrency', 'unchanged', '2 of 2 provisioned'],
      ],
    );
    await publish(behindAlias('2', null, 2));
    assert.equal(takeWrites(), ['UpdateFunctionCode', 'PublishVersion', 'UpdateAlias']);
    assert.equal(aliasOf(stub), ['2', {}, 'lambda-slim previous=1 of=2']);
    await publish(behindAlias('3', null, 4));
    assert.equal(takeWrites().at(-1), 'PutProvisionedConcurrencyConfig');
    assert.is(provisionedOf(stub)?.requested, 4);
    assert.equal(aliasOf(stub), ['3', {}, 'lambda-slim previous=2 of=3']);
    takeCalls();
    await publish(behindAlias('3', null, 4));
    assert.equal(
      takeCalls()
        .map(({ operation }) => operation)
        .sort(),
      ['GetAlias', 'GetFunction', 'GetFunctionConfiguration', 'GetProvisionedConcurrencyConfig'],
    );
  }));

test('an alias whose instances are still moving has no canary', () =>
  withPublishing({ provisionedLooks: 6 }, async ({ stub, publish, takeWrites }) => {
    await publish(behindAlias('1', null, 2));
    // By somebody who does not wait for them.
    await publish(behindAlias('2'));
    assert.equal(aliasOf(stub).slice(0, 2), ['2', { 1: 1 }]);
    takeWrites();
    await publish(behindAlias('2'));
    assert.equal(takeWrites(), []);
    await publish(behindAlias('2', null, 2));
    assert.equal(takeWrites(), []);
    assert.equal(aliasOf(stub).slice(0, 2), ['2', {}]);
  }));

test('instances that do not come are told with the reason, and asked for again the next time', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish(behindAlias('1', null, 2));
    const provisioned = provisionedOf(stub);
    if (provisioned) provisioned.failure = 'The function timed out at its start.';
    const error = await rejects(publish(behindAlias('2', null, 2)), 'PUBLISH_INCOMPLETE');
    assert.match(error.message, 'The function timed out at its start.');
    onRequest(
      stub,
      ({ operation }) => operation === 'UpdateAlias',
      () => Object.assign(provisionedOf(stub) ?? {}, { failure: null }),
    );
    await publish(behindAlias('2', null, 2));
    assert.equal(aliasOf(stub).slice(0, 2), ['2', {}]);
  }));

test.run();
