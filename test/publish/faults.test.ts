import { test } from 'uvu';
import { assertCompleted, filesOf } from '../helpers/publish-faults.ts';
import type { Wish } from '../helpers/publish-run.ts';

const FIRST: Wish = { files: filesOf('1'), config: { target: 'layer', alias: 'live' } };
const SECOND: Wish = { ...FIRST, files: filesOf('2'), memoryMiB: 512 };

// The other courses, and every read too: test/live/publish-faults.test.ts.
test('whatever write loses its answer, or is the last before Ctrl-C, the next run completes it', () =>
  assertCompleted([FIRST, SECOND], ['drop-after', 'abort'], { onlyWrites: true }));

test.run();
