import { test } from 'uvu';
import { assertCompleted, filesOf } from '../helpers/publish-faults.ts';
import type { Wish } from '../helpers/publish-run.ts';

// Each publishes some hundred times, which takes its time.
const COURSES: Readonly<Record<string, Omit<Wish, 'files'>>> = {
  'a zip': {},
  layers: { config: { target: 'layer' } },
  'a zip with a role, tags, an alias and a public URL': {
    config: { alias: 'live', url: true, role: undefined, tags: { team: 'shop' } },
    flags: { isPublic: true, createRole: true },
  },
  'layers with an alias and an HTTP API': { config: { target: 'layer', alias: 'live', httpApi: true } },
  'layers through a bucket': { config: { target: 'layer', bucket: 'code', storage: 'reference' } },
  'layers with provisioned concurrency': {
    config: { target: 'layer', alias: 'live', provisionedConcurrency: 2 },
  },
};

for (const [name, course] of Object.entries(COURSES)) {
  const first: Wish = { ...course, files: filesOf('1') };
  const second: Wish = { ...course, files: filesOf('2'), memoryMiB: 512 };
  for (const wishes of [[first], [first, second]])
    test(`${name}, ${wishes.length === 1 ? 'new' : 'changed'}: whatever call fails, the next run completes it`, () =>
      assertCompleted(wishes, ['error', 'drop-after', 'conflict', 'abort'], { onlyWrites: false }));
}

const LAYERED: Wish = { files: filesOf('1'), config: { target: 'layer' } };
const WHOLE: Wish = { files: filesOf('1') };

for (const wishes of [
  [WHOLE, LAYERED],
  [LAYERED, WHOLE],
])
  test(`${wishes[0] === WHOLE ? 'into' : 'out of'} layers: whatever call fails, the next run completes it`, () =>
    assertCompleted(wishes, ['error', 'drop-after', 'conflict', 'abort'], { onlyWrites: false }));

test.run();
