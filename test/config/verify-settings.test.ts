import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import type { CliArgs } from '../../src/config/types.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

interface Resolved {
  readonly fn: ResolvedFunction;
  readonly dir: string;
}

async function resolve(settings: object, args: CliArgs = {}): Promise<Resolved> {
  let found: Resolved | undefined;
  const config = JSON.stringify({ entry: 'index.mjs', ...settings });
  await withProject(
    { 'lambda-slim.config.json': config, 'package.json': '{}', 'index.mjs': '' },
    async dir => {
      found = { fn: (await loadConfig(dir, args, {})).functions[0] as ResolvedFunction, dir };
    },
  );
  return found as Resolved;
}

test('build verifies only where that is asked for, and at level exact', async () => {
  const enabled = async (settings: object, args?: CliArgs): Promise<boolean> =>
    (await resolve(settings, args)).fn.verify.enabled;
  assert.is(await enabled({}), false);
  assert.is(await enabled({ verify: true }), true);
  assert.is(await enabled({ verify: { tolerance: 0 } }), true);
  assert.is(await enabled({ verify: { enabled: false } }), false);
  assert.is(await enabled({ level: 'exact' }), true);
  assert.is(await enabled({ level: 'exact' }, { verify: false }), false);
  assert.is(await enabled({}, { verify: true }), true);
  assert.is(await enabled({}, { events: ['a.json'] }), true);
  assert.is(await enabled({}, { events: ['a.json'], verify: false }), false);
});

test('events lie beside the config, and those of the command line take their place', async () => {
  const { fn, dir } = await resolve({});
  assert.equal(fn.verify.events, [`${dir}/events/*.json`]);
  const own = await resolve({ verify: { events: ['e/*.json', '/abs/*.json'], headers: ['X-One'] } });
  assert.equal(own.fn.verify.events, [`${own.dir}/e/*.json`, '/abs/*.json']);
  assert.equal(own.fn.verify.headers, ['x-one']);
  const asked = await resolve({ verify: { events: ['e/*.json'], ignore: ['id'] } }, { events: ['f.json'] });
  assert.equal(asked.fn.verify.events, [`${asked.dir}/f.json`]);
  assert.equal(asked.fn.verify.ignore, ['id']);
});

test('a function refines what all share', async () => {
  const { fn } = await resolve({
    entry: undefined,
    environment: { STAGE: 'test', MODEL: 'a' },
    verify: { tolerance: 0.5, ignore: ['id'] },
    functions: { api: { entry: 'index.mjs', environment: { MODEL: 'b' }, verify: { tolerance: 0 } } },
  });
  assert.equal(fn.environment, { STAGE: 'test', MODEL: 'b' });
  assert.equal([fn.verify.tolerance, fn.verify.ignore], [0, ['id']]);
});

test("memory and timeout are the function's, and the rest is written where it is fetched from", async () => {
  const { fn } = await resolve({ memoryMiB: 2048, timeoutSeconds: 60, exact: { fallback: true } });
  assert.equal([fn.memoryMiB, fn.timeoutMs], [2048, 60_000]);
  assert.equal(fn.rest, { write: true, fallback: true });
  assert.equal((await resolve({ level: 'exact' }, { rest: true })).fn.rest, { write: true, fallback: false });
  await rejects(resolve({}, { rest: true }), 'USAGE');
});

const WRONG: readonly (readonly [object, RegExp])[] = [
  [{ memoryMiB: 100 }, /memoryMiB: expected a whole number of MiB from 128 to 10240/],
  [{ timeoutSeconds: 901 }, /timeoutSeconds: expected a whole number of seconds from 1 to 900/],
  [{ environment: { A: 'x' } }, /two or more letters/],
  [{ environment: { AB: 1 } }, /environment\.AB/],
  [{ verify: { tolerance: -1 } }, /verify\.tolerance: expected a number from 0 on/],
  [{ verify: { event: [] } }, /verify/],
];

for (const [settings, message] of WRONG) {
  test(`refused: ${JSON.stringify(settings)}`, async () => {
    const error = await rejects(resolve(settings), 'CONFIG_INVALID');
    assert.match(error.message, message);
  });
}

test.run();
