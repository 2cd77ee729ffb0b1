import { SlimError } from '../../errors.ts';
import { functionArn, type RunStep } from '../world.ts';

/** Invokes `$LATEST` once; one that fails is not given to callers of an alias. */
export const runSample: RunStep<'sample'> = async ({ event }, world) => {
  const { account, plan, progress } = world;
  const name = plan.settings.functionName;
  progress.start(`Invoking ${name}`);
  const started = performance.now();
  const { text, error } = await account.lambda.invoke(name, event);
  if (error) throw new SlimError('SAMPLE_FAILED', [name, error.errorType, error.errorMessage]);
  progress.done();
  const seconds = (performance.now() - started) / 1000;
  return {
    world: { ...world, answer: text },
    item: {
      ...{ what: 'sample', name, outcome: 'unchanged', where: functionArn(world), bytes: null },
      detail: `answered in ${seconds.toFixed(1)} s`,
    },
  };
};
