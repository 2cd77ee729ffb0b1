import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../findings.ts';
import { startFunction } from '../lambda/start-function.ts';
import type { Isolation, IsolationChoice, LocalFunction, LocalSettings } from '../lambda/types.ts';
import type { Context, FileEntry, NamedEvent, Tree } from '../types.ts';
import { layOutTree } from '../util/lay-out-tree.ts';
import { ageFiles, findRead } from './access-times.ts';
import { judgeInvocation } from './judge-invocation.ts';
import { readLogs, type Touched } from './read-log.ts';
import { makeRecorder } from './recorder.ts';

export interface RunRequest {
  readonly settings: Omit<LocalSettings, 'code'>;
  readonly events: readonly NamedEvent[];
  readonly isolation: IsolationChoice;
}

export interface Recording extends Touched {
  readonly findings: readonly Finding[];
}

/** Where Lambda has the function's code; mapped libraries are named by it. */
const TASK_ROOT = '/var/task/';

/** Runs a tree on every event and tells what was touched. Throws `EXACT_RUN_FAILED`, and what keeps a function from being run. */
export async function recordRun(tree: Tree, request: RunRequest, context: Context): Promise<Recording> {
  const dir = await mkdtemp(join(context.workDir, 'exact-'));
  try {
    return await recordIn(dir, tree, request, context);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function recordIn(dir: string, tree: Tree, request: RunRequest, context: Context): Promise<Recording> {
  const { settings, isolation } = request;
  const code = join(dir, 'code');
  const workDir = join(dir, 'run');
  for (const folder of [code, workDir]) await mkdir(folder);
  await layOutTree(tree.entries, code);
  const files = tree.entries.filter((entry): entry is FileEntry => entry.kind === 'file');
  const { environment, visible, logs } = await makeRecorder(
    settings.runtime.language,
    settings.environment,
    dir,
  );
  const { cacheDir, env: hostEnv, signal } = context;
  const fn = await startFunction(
    { ...settings, code, environment },
    { isolation, workDir, cacheDir, hostEnv, signal, onLog: () => {}, visible, writableCode: true },
  );
  try {
    // Not before: to make the sandbox, files may be read that the function does not need.
    await ageFiles(files, code);
    const run = await runEvents(fn, request.events, context);
    await fn.stop();
    const logged = await readLogs(logs);
    const noted = await findRead(files, code);
    const read = new Set([...logged.read, ...run.mapped, ...noted]);
    return { ...logged, read, findings: [...run.findings, ...judgeNoted(noted, fn.isolation)] };
  } finally {
    await fn.stop();
  }
}

interface EventsRun {
  readonly mapped: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** Each event alone, cold and warm, and then all of them in one sandbox: what one of them loads, another may not need to. */
async function runEvents(
  fn: LocalFunction,
  events: readonly NamedEvent[],
  context: Context,
): Promise<EventsRun> {
  const mapped = new Set<string>();
  const findings: Finding[] = [];
  const run = async ({ name, text }: NamedEvent): Promise<void> => {
    findings.push(...judgeInvocation(name, await fn.invoke(text)));
    for (const path of await fn.loaded())
      if (path.startsWith(TASK_ROOT)) mapped.add(path.slice(TASK_ROOT.length));
    context.progress.tick(1);
  };
  context.progress.start('record what the function needs', events.length * (events.length > 1 ? 3 : 2));
  for (const event of events) {
    await fn.reset();
    await run(event);
    await run(event);
  }
  if (events.length > 1) await fn.reset();
  for (const event of events.length > 1 ? events : []) await run(event);
  context.progress.done();
  return { mapped, findings: [...new Map(findings.map(each => [JSON.stringify(each), each])).values()] };
}

/** Something is always read. */
function judgeNoted(noted: ReadonlySet<string>, { readOnlyCode }: Isolation): readonly Finding[] {
  if (noted.size > 0) return [];
  return [{ code: 'EXACT_READS_UNSEEN', level: 'warning', reason: readOnlyCode ? 'read-only' : 'noatime' }];
}
