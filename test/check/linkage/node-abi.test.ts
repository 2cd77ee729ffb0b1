import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { platformOf } from '../../helpers/check.ts';
import { brief, judge, type MadeFiles } from './artifact.ts';

const NODE = { platform: platformOf('nodejs24.x') };
const BIG = 5_000_000;
const of = (abi: string) => ({ nodeAbis: [abi], bytes: BIG });
const SQLITE = 'node_modules/better-sqlite3/build/Release';

test('an addon that was compiled for another Node.js does not load, and the runtime that fits is named', () => {
  const files = { [`${SQLITE}/better_sqlite3.node`]: of('115') };
  const [finding, ...others] = judge(files, NODE);
  assert.equal(others, []);
  assert.ok(finding?.code === 'NODE_ABI_MISMATCH');
  assert.equal(
    [finding.level, finding.abis, finding.expected, finding.fits],
    ['error', ['115'], '137', ['nodejs20.x']],
  );
  for (const platform of [platformOf('nodejs20.x'), platformOf('python3.12'), null])
    assert.equal(judge(files, { platform }), []);
});

const NAPI = { imports: ['napi_create_object'] };

const CASES: readonly (readonly [string, MadeFiles, readonly string[]])[] = [
  ['the one that fits is there', { 'a.node': of('137') }, []],
  ['Node-API fits every version', { 'a.node': NAPI }, []],
  [
    'builds for several versions beside each other',
    Object.fromEntries(
      ['108', '115', '137'].map(abi => [`node_modules/p/prebuilds/linux-x64/p.node.abi${abi}.node`, of(abi)]),
    ),
    ['NODE_ABI_MISMATCH warning node_modules/p/prebuilds/linux-x64/p.node.abi108.node'],
  ],
  [
    'several, none of which fits',
    {
      'node_modules/p/lib/binding/node-v108-linux-x64/p.node': of('108'),
      'node_modules/p/lib/binding/node-v115-linux-x64/p.node': of('115'),
    },
    ['NODE_ABI_MISMATCH error node_modules/p/lib/binding/node-v108-linux-x64/p.node'],
  ],
  [
    'builds for Electron beside the one of Node-API',
    {
      'node_modules/p/prebuilds/linux-x64/electron.abi116.node': of('116'),
      'node_modules/p/prebuilds/linux-x64/node.napi.node': NAPI,
    },
    ['NODE_ABI_MISMATCH warning node_modules/p/prebuilds/linux-x64/electron.abi116.node'],
  ],
  [
    'a library of the package is no addon that could take its place',
    { [`${SQLITE}/better_sqlite3.node`]: of('115'), [`${SQLITE}/test_extension.node`]: {} },
    [`NODE_ABI_MISMATCH error ${SQLITE}/better_sqlite3.node`],
  ],
  [
    'builds for other systems stay dead weight',
    {
      'node_modules/p/prebuilds/linux-x64/node.node': of('115'),
      'node_modules/p/prebuilds/darwin-x64/node.node': { native: { format: 'mach-o' }, bytes: BIG },
    },
    [
      'NODE_ABI_MISMATCH error node_modules/p/prebuilds/linux-x64/node.node',
      'NOT_LINUX warning node_modules/p/prebuilds/darwin-x64/node.node',
    ],
  ],
];

for (const [name, files, expected] of CASES)
  test(`ABI of Node.js: ${name}`, () => assert.equal(brief(judge(files, NODE)), expected));

test('several that do not fit name every runtime that one of them fits', () => {
  const [finding] = judge({ 'node_modules/p/a.node': of('115'), 'node_modules/p/b.node': of('127') }, NODE);
  assert.ok(finding?.code === 'NODE_ABI_MISMATCH');
  assert.equal(
    [finding.abis, finding.fits],
    [
      ['115', '127'],
      ['nodejs20.x', 'nodejs22.x'],
    ],
  );
});

test.run();
