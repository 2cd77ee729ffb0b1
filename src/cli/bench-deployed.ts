import type { DeployedFunction } from '../aws/lambda/open-deployed.ts';
import type { DeployedContender } from '../cold-start/measure-deployed.ts';
import type { BenchReport } from '../cold-start/types.ts';
import type { Context } from '../types.ts';
import type { BenchArgs, BenchPlan } from './bench-options.ts';
import type { Io } from './io.ts';

/** Measures deployed functions by their REPORT lines; what forcing cold starts changed is taken back in every case. */
export async function benchDeployed(
  args: BenchArgs,
  plan: BenchPlan,
  context: Context,
  io: Io,
): Promise<Pick<BenchReport, 'series' | 'pageCache'>> {
  const { openLambda } = await import('../aws/lambda/open-lambda.ts');
  const { openDeployed } = await import('../aws/lambda/open-deployed.ts');
  const { COLD_MARKER } = await import('../aws/lambda/cold-marker.ts');
  const { measureDeployed } = await import('../cold-start/measure-deployed.ts');
  const { signal } = context;
  const forceCold = args['force-cold'] === true;
  const call = await openLambda(io.env);
  const functions: DeployedFunction[] = [];
  // All are looked up before any is changed.
  for (const name of [...(args.function ?? []), ...(args.against ?? [])])
    functions.push(await openDeployed(call, name, { forceCold, signal }));
  const contenders = functions.map(toContender);
  if (forceCold)
    io.stderr.write(
      `The variable ${COLD_MARKER} of $LATEST is changed before each start, and taken away at the end.\n`,
    );
  context.progress.start('Measuring', contenders.length * plan.rounds);
  const onStart = (): void => context.progress.tick(1);
  const series = await withRestore(functions, () =>
    measureDeployed(contenders, { ...plan, signal, onStart }),
  );
  context.progress.done();
  return { series, pageCache: { kind: 'kept' } };
}

function toContender(fn: DeployedFunction): DeployedContender {
  const { name, zippedBytes } = fn;
  return { subject: { name, kind: 'function', zippedBytes, unzippedBytes: null, isolation: null }, fn };
}

async function withRestore<T>(functions: readonly DeployedFunction[], use: () => Promise<T>): Promise<T> {
  const [used] = await Promise.allSettled([use()]);
  const restored = await Promise.allSettled(functions.map(fn => fn.restore()));
  // A variable that was left behind matters more than why the measuring ended.
  for (const one of restored) if (one.status === 'rejected') throw one.reason;
  if (used.status === 'rejected') throw used.reason;
  return used.value;
}
