import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PART_BYTES } from '../../src/aws/s3/file-parts.ts';
import { withUpload } from '../helpers/upload.ts';

/** Two parts; megabytes are sent again and again here, which takes its time. */
const SIZE = PART_BYTES + 1;

for (const kind of ['throttle', 'error', 'drop-before', 'drop-after', 'hang', 'hang-after'] as const)
  test(`whatever call of an upload in parts meets ${kind} once, the file arrives`, () =>
    withUpload(SIZE, {}, async clean => {
      await clean.send();
      for (const { index, operation } of clean.stub.requests)
        await withUpload(SIZE, { faults: [{ at: index, kind }] }, async upload => {
          const sent = await upload.send();
          assert.ok(upload.stored()?.equals(upload.bytes), operation);
          assert.equal(await upload.find(), sent, operation);
          assert.is(
            upload.told.reduce((all, one) => all + one, 0),
            SIZE,
          );
        });
    }));

test.run();
