import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import type { LockOptions, SyncProgress } from '../../bundle/sync/types.ts';
import type { BundleSource } from '../../bundle/types.ts';
import { SlimError } from '../../errors.ts';
import { formatRolledBack, formatSynced, formatVerifiedStore } from '../../report/format-sync.ts';
import { formatDocument } from '../../report/json.ts';
import { chooseStyle } from '../../report/style.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { commonOptions, filled, repeated, whole } from '../options.ts';
import { type CliProgress, makeProgress } from '../progress.ts';
import { EXIT, type Session } from '../session.ts';

const DAY_SECONDS = 86_400;
const MOST_KEPT = 1000;

const { json, debug } = commonOptions;
const options = {
  to: filled('to', 'Folder on the mount, such as /mnt/ml/classify'),
  release: filled(
    'release',
    'Release to bring or verify, by its id or how that begins [default: that of the bundle]',
  ),
  keep: whole('keep', 'Keep so many of the newest releases [default: 3]', 1, MOST_KEPT),
  protect: repeated('Release that is never removed, by its id or how that begins; repeatable'),
  verify: { type: 'boolean', describe: 'Read every byte of what lies there, and change nothing' },
  rollback: { type: 'boolean', describe: 'Let `current` lead to the release before' },
  wait: whole('wait', 'Seconds to wait where another is at work there [default: 0]', 0, DAY_SECONDS),
  lease: whole(
    'lease',
    'Seconds without a sign of life after which a sync counts as dead [default: 60]',
    1,
    3600,
  ),
  json,
  debug,
} as const;
type SyncArgs = InferredOptionTypes<typeof options> & { bundle: string | undefined };

/** `sync`: brings a bundle to a folder on EFS, whole or not at all. */
export const syncCommand: Command<SyncArgs> = {
  usage: 'sync [bundle]',
  describe: 'Bring a bundle to a folder on EFS, whole or not at all',
  configure: (parser: Argv) =>
    parser
      .positional('bundle', { type: 'string', describe: 'Folder of the bundle, or s3://bucket/prefix' })
      .options(options)
      .example('$0 sync lambda-slim-out/classify.bundle --to /mnt/ml/classify', 'from this disk')
      .example('$0 sync s3://models/classify --to /mnt/ml/classify', 'from S3')
      .example('$0 sync --to /mnt/ml/classify --verify', 'is it whole?')
      .example('$0 sync --to /mnt/ml/classify --rollback', 'back to the release before')
      .epilogue(
        'Killed at any moment, it goes on when it is called again.\nExit codes: 0 done; 1 --verify found something wrong; 2 it could not. See docs/sync.md.',
      ),
  run(args, session) {
    const { io } = session;
    const mode = chooseMode(args);
    const dir = resolve(io.cwd, mode.to);
    return withProgress(session, progress => {
      if (mode.kind === 'bring') return bring(mode.bundle, dir, args, session, progress);
      return mode.kind === 'verify' ? verify(dir, args, session, progress) : rollBack(dir, args, session);
    });
  },
};

type Mode =
  | { readonly kind: 'verify' | 'rollback'; readonly to: string }
  | { readonly kind: 'bring'; readonly to: string; readonly bundle: string };

function chooseMode({ to, bundle, verify, rollback, release, protect }: SyncArgs): Mode {
  if (to === undefined) throw refuse('Say where to with --to');
  if (to.startsWith('s3:')) throw refuse(`--to is a folder, on a file system that is mounted, not ${to}`);
  if (protect?.some(start => start.trim() === '')) throw refuse('--protect needs a value');
  if (verify && rollback) throw refuse('--verify and --rollback do not go together');
  if (rollback && release !== undefined)
    throw refuse('--rollback knows its release; to choose one, name the bundle and --release');
  const only = verify ? 'verify' : rollback ? 'rollback' : null;
  if (only && bundle !== undefined) throw refuse(`--${only} needs no bundle`);
  if (only) return { kind: only, to };
  if (bundle === undefined)
    throw refuse('Name the folder of the bundle, or s3://bucket/prefix, also for a release that is there');
  return { kind: 'bring', to, bundle };
}

function refuse(reason: string): SlimError {
  return new SlimError('USAGE', [reason, 'lambda-slim sync', null]);
}

async function bring(
  bundle: string,
  to: string,
  args: SyncArgs,
  { io, tool, json: wantsJson }: Session,
  progress: CliProgress,
): Promise<number> {
  const started = performance.now();
  const source = await openSource(bundle, to, io);
  const [{ inflate }, { nativeInflate }, { syncBundle }] = await Promise.all([
    import('../../bundle/inflate.ts'),
    import('../../bundle/inflate-native.ts'),
    import('../../bundle/sync/sync-bundle.ts'),
  ]);
  const { release, keep, protect } = args;
  const done = await syncBundle(source, to, {
    ...toLockOptions(args, io),
    ...{ inflate, onProgress: tellPhases(progress) },
    // WebAssembly takes several times the memory.
    ...(nativeInflate ? {} : { parallel: 1 }),
    ...(release === undefined ? {} : { release }),
    ...(keep === undefined ? {} : { keep }),
    ...(protect === undefined ? {} : { protect }),
  });
  progress.done();
  if (done.state !== 'done') return EXIT.failed;
  const facts = { to, ...done, ms: Math.round(performance.now() - started) };
  io.stdout.write(
    wantsJson ? formatDocument(tool, 'sync', facts) : formatSynced(facts, chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}

async function openSource(bundle: string, to: string, io: Io): Promise<BundleSource> {
  if (!bundle.startsWith('s3:')) {
    const [{ openFolderSource }, { liesIn }] = await Promise.all([
      import('../../bundle/folder-source.ts'),
      import('../../bundle/sync/find-store.ts'),
    ]);
    const folder = resolve(io.cwd, bundle);
    if (await liesIn(to, folder)) throw refuse(`--to is the bundle ${bundle}, or lies in it`);
    return openFolderSource(folder);
  }
  const [{ openObjectReader, parseS3Address }, { openObjectsSource }] = await Promise.all([
    import('../../aws/s3/open-object-reader.ts'),
    import('../../bundle/objects-source.ts'),
  ]);
  const place = parseS3Address(bundle);
  if (!place) throw refuse(`${bundle} is no address of S3, such as s3://bucket/prefix`);
  const signal = io.signal ?? new AbortController().signal;
  return openObjectsSource(openObjectReader(place, io.env, { signal }));
}

function toLockOptions({ wait, lease }: SyncArgs, { signal }: Io): LockOptions {
  return {
    ...(wait === undefined ? {} : { waitMs: wait * 1000 }),
    ...(lease === undefined ? {} : { leaseMs: lease * 1000 }),
    ...(signal ? { signal } : {}),
  };
}

async function verify(
  to: string,
  { release }: SyncArgs,
  { io, tool, json: wantsJson }: Session,
  progress: CliProgress,
): Promise<number> {
  const { verifyStore } = await import('../../bundle/sync/verify-store.ts');
  const found = await verifyStore(to, {
    ...{ onProgress: tellPhases(progress) },
    ...(release === undefined ? {} : { release }),
    ...(io.signal ? { signal: io.signal } : {}),
  });
  progress.done();
  const facts = { to, ...found };
  io.stdout.write(
    wantsJson
      ? formatDocument(tool, 'sync', facts)
      : formatVerifiedStore(facts, chooseStyle(io.stdout, io.env)),
  );
  return found.problems.length === 0 ? EXIT.ok : EXIT.finding;
}

async function rollBack(to: string, args: SyncArgs, { io, tool, json: wantsJson }: Session): Promise<number> {
  const { rollbackStore } = await import('../../bundle/sync/rollback-store.ts');
  const { from, to: release } = await rollbackStore(to, toLockOptions(args, io));
  io.stdout.write(
    wantsJson
      ? formatDocument(tool, 'sync', { to, release, previous: from })
      : formatRolledBack(to, from, release),
  );
  return EXIT.ok;
}

const TITLES = { link: 'Sharing', fetch: 'Fetching', verify: 'Verifying', finish: 'Finishing' } as const;

/** A stage a phase; bytes become steps of it. */
function tellPhases(progress: CliProgress): (event: SyncProgress) => void {
  let phase: SyncProgress['phase'] | null = null;
  let told = 0;
  return event => {
    if (event.phase !== phase) {
      if (phase !== null) progress.done();
      progress.start(TITLES[event.phase], event.totalBytes);
      [phase, told] = [event.phase, 0];
    }
    progress.tick(event.doneBytes - told);
    told = event.doneBytes;
  };
}

async function withProgress(
  { io, json: wantsJson }: Session,
  use: (progress: CliProgress) => Promise<number>,
): Promise<number> {
  const redraw = io.stderr.isTTY === true && !io.env.CI && io.env.TERM !== 'dumb' && !wantsJson;
  const progress = makeProgress(io.stderr, { redraw, now: () => performance.now() });
  try {
    return await use(progress);
  } finally {
    progress.close();
  }
}
