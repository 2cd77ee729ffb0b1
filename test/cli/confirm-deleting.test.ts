import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { confirmDeleting } from '../../src/cli/confirm-deleting.ts';
import type { Io } from '../../src/cli/io.ts';
import type { PublishPlan, PublishStep } from '../../src/publish-types.ts';
import { makeOut } from '../helpers/fake-io.ts';
import { settingsOf } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:classify-deps-1:1';
const DELETING: readonly PublishStep[] = [{ kind: 'publish-version' }, { kind: 'delete-layer', arn: ARN }];

function planOf(steps: readonly PublishStep[]): PublishPlan {
  const code = { path: 'function.zip', sha256: '', codeSha256: '', zippedBytes: 1, unzippedBytes: 1 };
  const settings = settingsOf({ files: {} });
  return { settings, region: 'eu-west-1', release: { code, layers: [] }, layers: [], steps, notes: [] };
}

/** Somebody who answers so; null is nobody. */
function withAnswer(answer: boolean | null) {
  const { out, read } = makeOut();
  const asked: string[] = [];
  const confirm = async (question: string): Promise<boolean> => {
    asked.push(question);
    return answer === true;
  };
  const io: Io = { cwd: '/', env: {}, stdout: out, stderr: out, ...(answer === null ? {} : { confirm }) };
  return { io, asked, read };
}

test('who deletes nothing, or has agreed, is not asked', async () => {
  const { io, asked, read } = withAnswer(false);
  await confirmDeleting(planOf([{ kind: 'publish-version' }]), false, io);
  await confirmDeleting(planOf(DELETING), true, io);
  assert.equal([asked, read()], [[], '']);
});

test('what is deleted is shown before, and a no ends it', async () => {
  const yes = withAnswer(true);
  await confirmDeleting(planOf(DELETING), false, yes.io);
  assert.match(yes.read(), ARN);
  assert.equal(yes.asked.length, 1);
  await rejects(confirmDeleting(planOf(DELETING), false, withAnswer(false).io), 'CANCELLED');
});

test('where nobody can be asked, nothing is deleted', async () => {
  const error = await rejects(
    confirmDeleting(planOf(DELETING), false, withAnswer(null).io),
    'CONFIRMATION_NEEDED',
  );
  assert.match(error.message, ARN);
  assert.match(error.hint, '--yes');
});

test.run();
