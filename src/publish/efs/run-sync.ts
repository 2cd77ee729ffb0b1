import { randomUUID } from 'node:crypto';
import type { EfsSettings } from '../../publish-types.ts';
import type { RunStep } from '../world.ts';
import { followRun } from './follow-run.ts';

/** More than anybody has; keeps all where it is not known which are in use. */
const ALL = 100_000;

/** Starts the function that syncs, and follows it until the release is on the file system. */
export const runSync: RunStep<'sync'> = async ({ protect }, world) => {
  const { plan, state } = world;
  const { efs } = plan.settings;
  if (efs === null) throw new Error('only a release for a file system is synced');
  const isKnown = state.fn === null || state.fn.configuration.environment !== null;
  const task = { ...toTask(efs), keep: isKnown ? efs.keep : ALL, protect };
  const done = await followRun(task, efs, world);
  const seconds = `${(done.ms / 1000).toFixed(1)} s`;
  const amount = `${done.files} files, ${done.writtenBytes} of ${done.bytes} bytes written`;
  return {
    world,
    item: {
      ...{ what: 'release', name: efs.bundle.release.slice(0, 12), where: efs.root, bytes: null },
      outcome: done.wasThere ? 'unchanged' : 'created',
      detail: `${amount} in ${seconds}`,
    },
  };
};

function toTask({ bucket, prefix, bundle, store }: EfsSettings) {
  return {
    ...{ action: 'sync', bucket, prefix, release: bundle.release, folder: store },
    run: randomUUID(),
  };
}
