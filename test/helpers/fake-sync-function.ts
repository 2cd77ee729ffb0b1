import type { AwsStub } from './aws-stub/aws-stub.ts';
import type { Invocation } from './aws-stub/state.ts';

interface Task {
  readonly action: 'look' | 'status' | 'sync';
  readonly bucket: string;
  readonly prefix: string;
  readonly release: string;
  readonly folder: string;
  readonly run: string;
  readonly protect: readonly string[];
  readonly keep: number;
  readonly round?: number;
}

/** What the function that syncs would have on its file system. */
export interface FakeStore {
  readonly releases: string[];
  readonly tasks: Task[];
  /** Answers to `status`, instead of those of a sync that goes well. */
  script: object[] | null;
  readonly invoke: (invocation: Invocation) => unknown;
}

/** Stands in for the function that syncs: a release is there when S3 has its manifest. */
export function openFakeStore(stub: AwsStub): FakeStore {
  let looks = 0;
  const store: FakeStore = {
    releases: [],
    tasks: [],
    script: null,
    invoke({ event, isEvent }) {
      const task = event as Task;
      if (task.action === 'look') return { releases: store.releases, current: store.releases.at(-1) ?? null };
      if (task.action === 'sync') {
        if (!isEvent) throw new Error('a sync is not waited for');
        looks = 0;
        store.tasks.push(task);
        return null;
      }
      return store.script
        ? (store.script.splice(0, store.script.length > 1 ? 1 : 0)[0] ?? store.script[0])
        : tell();
    },
  };
  return store;

  function tell(): object | null {
    const task = store.tasks.at(-1);
    if (!task || looks++ === 0) return null;
    const record = { run: task.run, round: 1, beat: looks, totalBytes: 100, result: null, error: null };
    if (looks < 4) return { ...record, state: 'running', phase: 'fetch', doneBytes: 20 * looks };
    const keys = stub.state.buckets.get(task.bucket)?.objects ?? new Map();
    const key = [task.prefix, `manifests/${task.release}.json.zst`].filter(Boolean).join('/');
    const missing = { code: 'BUNDLE_MISSING', message: `${key} is not there.`, hint: '' };
    if (!keys.has(key)) return { ...record, state: 'failed', phase: null, doneBytes: 0, error: missing };
    const wasThere = store.releases.includes(task.release);
    if (!wasThere) store.releases.push(task.release);
    const result = { wasThere, files: 3, bytes: 100, writtenBytes: 100, fetchedBytes: 50 };
    return { ...record, state: 'done', phase: 'finish', doneBytes: 100, result };
  }
}
