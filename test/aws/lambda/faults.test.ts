import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LambdaApi } from '../../../src/aws/types.ts';
import type { AwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import type { FaultKind } from '../../helpers/aws-stub/faults.ts';
import { zipOf } from '../../helpers/aws-stub/zip-of.ts';
import { ARN, newFunction, type OpenedApi, withLambdaApi } from '../../helpers/lambda-api.ts';

const LATEST = zipOf({ 'index.mjs': 'first' });
const seed = {
  functions: { classify: { zip: LATEST, aliases: { live: '1' } } },
  layers: { deps: [{}, {}] },
} as const;
const SETTINGS = { auth: 'none', mode: 'buffer', cors: null } as const;
const PERMISSION = {
  id: 'via',
  action: 'lambda:InvokeFunction',
  principal: '*',
  sourceArn: null,
  urlAuth: null,
  viaUrl: true,
} as const;

type State = AwsStub['state'];

interface Write {
  readonly operation: string;
  readonly run: (api: LambdaApi, pack: OpenedApi['pack']) => Promise<unknown>;
  /** What it left; the same whatever went wrong on the way. */
  readonly left: (state: State) => unknown;
}

const fnOf = (state: State, name = 'classify') => state.functions.get(name);

const WRITES: readonly Write[] = [
  {
    operation: 'CreateFunction',
    run: async (api, pack) =>
      api.createFunction(newFunction(await pack({ 'index.mjs': 'new' }), { name: 'other' })),
    left: state => [state.functions.size, fnOf(state, 'other')?.latest.code.sha256],
  },
  {
    operation: 'UpdateFunctionCode',
    run: async (api, pack) => api.updateCode('classify', await pack({ 'index.mjs': 'new' }), 'x64'),
    left: state => fnOf(state)?.latest.code.sha256,
  },
  {
    operation: 'UpdateFunctionConfiguration',
    run: api => api.updateConfiguration('classify', { memoryMiB: 512 }),
    left: state => fnOf(state)?.latest.settings.MemorySize,
  },
  {
    operation: 'TagResource',
    run: api => api.tag(ARN, { team: 'shop' }),
    left: state => fnOf(state)?.tags,
  },
  {
    operation: 'PublishVersion',
    run: async api => {
      await api.updateConfiguration('classify', { memoryMiB: 512 });
      return api.publishVersion('classify', (await api.waitUntilReady('classify')).codeSha256, null);
    },
    left: state => fnOf(state)?.versions.map(({ version }) => version),
  },
  {
    operation: 'CreateAlias',
    run: api => api.createAlias('classify', { name: 'next', version: '1', description: 'd', extra: null }),
    left: state => fnOf(state)?.aliases.get('next')?.version,
  },
  {
    operation: 'UpdateAlias',
    run: async api => {
      const alias = await api.readAlias('classify', 'live');
      assert.ok(alias);
      return api.updateAlias('classify', { ...alias, description: 'moved' });
    },
    left: state => fnOf(state)?.aliases.get('live')?.description,
  },
  {
    operation: 'PutProvisionedConcurrencyConfig',
    run: api => api.putProvisioned('classify', 'live', 2),
    left: state => fnOf(state)?.provisioned.get('live')?.requested,
  },
  {
    operation: 'DeleteLayerVersion',
    run: api => api.deleteLayerVersion('deps', 1),
    left: state => [...(state.layers.get('deps')?.versions.keys() ?? [])],
  },
  {
    operation: 'CreateFunctionUrlConfig',
    run: api => api.createUrl('classify', 'live', SETTINGS),
    left: state => [...(fnOf(state)?.urls.values() ?? [])].map(({ AuthType }) => AuthType),
  },
  {
    operation: 'UpdateFunctionUrlConfig',
    run: async api => {
      await api.createUrl('classify', null, SETTINGS);
      return api.updateUrl('classify', null, { ...SETTINGS, auth: 'iam' });
    },
    left: state => fnOf(state)?.urls.get('$LATEST')?.AuthType,
  },
  {
    operation: 'AddPermission',
    run: api => api.addPermission('classify', 'live', PERMISSION),
    left: state => fnOf(state)?.policies.get('live')?.length,
  },
];

/** Does it with one fault on the way; gives what it left, and what the call gave. */
function leave({ operation, run, left }: Write, kind: FaultKind | null): Promise<readonly unknown[]> {
  return withLambdaApi(
    { seed },
    async ({ api, stub, pack }) => {
      if (kind) stub.fault({ operation, kind });
      const given = await run(api, pack);
      const asked = stub.requests.filter(request => request.operation === operation);
      assert.is(asked.length > 1, kind !== null, `${operation} was asked again`);
      return [left(stub.state), withoutChance(given)];
    },
    { silenceMs: 500 },
  );
}

/** Revisions and hosts of URLs are other ones each time. */
function withoutChance(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const { revisionId: _, url: __, ...rest } = given as Readonly<Record<string, unknown>>;
  return rest;
}

const test = suite('faults');

for (const write of WRITES)
  test(`${write.operation} leaves the same whatever goes wrong with it once`, async () => {
    const expected = await leave(write, null);
    // A 409 is no answer of AWS to this one.
    const kinds = ['drop-before', 'drop-after', 'error', 'conflict'] as const;
    const possible = write.operation === 'DeleteLayerVersion' ? kinds.slice(0, 3) : kinds;
    for (const kind of possible) assert.equal(await leave(write, kind), expected, kind);
  });

test('nor does throttling or a server that hangs, before or after', async () => {
  const chosen = WRITES.filter(({ operation }) => /^Create(?:Function|Alias)$/.test(operation));
  for (const write of chosen) {
    const expected = await leave(write, null);
    for (const kind of ['throttle', 'hang', 'hang-after'] as const)
      assert.equal(await leave(write, kind), expected, kind);
  }
});

test.run();
