import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import type { AwsStub } from './aws-stub/aws-stub.ts';
import type { FaultKind } from './aws-stub/faults.ts';
import { type Contents, onRequest, type Wish, withPublishing } from './publish-run.ts';
import { historyOf, snapshot } from './publish-snapshot.ts';

/** What goes wrong on the way: with the request itself, or somebody presses Ctrl-C as it arrives. */
export type Trouble = FaultKind | 'abort';

/** A function and what it needs, in one version or another. */
export function filesOf(version: string): Contents {
  return {
    'index.mjs': `handler ${version}`,
    'node_modules/sharp/package.json': '{"name":"sharp","license":"MIT"}',
    'node_modules/sharp/sharp.node': `native ${version}`,
    'node_modules/left-pad/index.js': `pad ${version}`,
  };
}

const seed = { buckets: { code: { versioned: true } } };

/** Value of a variable that every function has here; nobody may see it. */
const SECRET = 'hunter2';

interface Outcome {
  readonly end: unknown;
  readonly history: readonly string[];
  /** Of the run that was in trouble. */
  readonly writes: readonly boolean[];
}

/** Publishes one wish after the other, the last with trouble at one of its requests and then again without. */
async function publishTwice(
  wishes: readonly Wish[],
  trouble: { readonly kind: Trouble; readonly offset: number } | null,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  await withPublishing({ seed }, async ({ stub, publish, takeCalls, takeWrites }) => {
    const [last, ...before] = wishes.toReversed();
    if (!last) throw new Error('something is to be published');
    for (const wish of before.toReversed()) await publish(wish);
    takeCalls();
    const controller = new AbortController();
    if (trouble) makeTrouble(stub, stub.requests.length + trouble.offset, trouble.kind, controller);
    const error = await publish(last, { signal: controller.signal }).then(
      () => null,
      (caught: unknown) => caught,
    );
    const writes = takeCalls().map(({ isWrite }) => isWrite);
    const middle = snapshot(stub.state);
    if (trouble) await publish(last);
    const end = snapshot(stub.state);
    if (error === null) assert.equal(middle, end, 'a run that says that all is done is right');
    else assertExplained(error);
    takeCalls();
    await publish(last);
    assert.equal(takeWrites(), [], 'nothing is left to be done');
    outcomes.push({ end, history: historyOf(stub.state, 'classify'), writes });
  });
  const [outcome] = outcomes;
  if (!outcome) throw new Error('it was published');
  return outcome;
}

function makeTrouble(stub: AwsStub, at: number, kind: Trouble, controller: AbortController): void {
  if (kind === 'abort')
    onRequest(
      stub,
      ({ index }) => index === at,
      () => controller.abort(),
    );
  else stub.fault({ at, kind });
}

/** What was done and what was not is told, unless nothing was. */
function assertExplained(error: unknown): void {
  if (!(error instanceof SlimError)) throw error;
  for (const secret of [SECRET, 'X-Amz-Signature=', 'AWS_SECRET'])
    assert.not.ok(stacksOf(error).includes(secret), stacksOf(error));
  if (error.code === 'PUBLISH_INCOMPLETE') assert.match(error.message, /Done: .*Not done: .+\.$/);
  else assert.match(error.code, /^(?:AWS_\w+|CANCELLED|FUNCTION_NOT_READY|SWITCH_HALF_DONE)$/, error.message);
}

/** All that `--debug` would print. */
function stacksOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}\n${stacksOf(error.cause)}` : String(error);
}

/**
 * Asserts for a trouble at each request in turn that the next run leaves what an undisturbed one leaves, and that `$LATEST` was
 * never anything that it is not in an undisturbed one either.
 */
export async function assertCompleted(
  wishes: readonly Wish[],
  kinds: readonly Trouble[],
  { onlyWrites }: { readonly onlyWrites: boolean },
): Promise<void> {
  const all = wishes.map(wish => ({ ...wish, environment: { TOKEN: SECRET } }));
  const clean = await publishTwice(all, null);
  const offsets = [...clean.writes.keys()].filter(offset => !onlyWrites || clean.writes[offset]);
  for (const kind of kinds)
    for (const offset of offsets) {
      const place = `${kind} at request ${offset} of ${clean.writes.length}`;
      const { end, history } = await publishTwice(all, { kind, offset }).catch((failure: Error) => {
        throw new Error(`${place}: ${failure.stack}`, { cause: failure });
      });
      assert.equal(end, clean.end, place);
      for (const state of history)
        assert.ok(clean.history.includes(state), `${place}: ${history.join('\n')}`);
    }
}
