import type { RunStep } from '../world.ts';

/** Makes or changes the function that syncs; its role may be one that was made on the way. */
export const runSyncFunction: RunStep<'sync-function'> = async ({ plan }, world) => {
  const { account, guard, progress, state, latest } = world;
  const worker = state.efs?.worker;
  if (!worker) throw new Error('the function that syncs was looked at before');
  const role = world.role ?? latest?.role ?? worker.state.role;
  const report = await world.publish(plan, { account, guard, progress, state: { ...worker.state, role } });
  const made = report.items.find(({ what }) => what === 'function');
  return {
    world,
    item: {
      ...{ what: 'function', name: plan.settings.functionName, outcome: made?.outcome ?? 'updated' },
      ...{ where: made?.where ?? null, bytes: report.sentBytes, detail: made?.detail ?? null },
    },
  };
};
