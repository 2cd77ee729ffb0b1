import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { findRuntime } from '../platform/runtimes.ts';
import type { Arch, Runtime } from '../types.ts';
import { withTempDir } from '../util/fs.ts';
import { unpackZip } from '../zip/unpack-zip.ts';
import { type FoundNode, findNode } from './find-node.ts';
import { makeFunctionEnv } from './function-env.ts';
import { nodeFlags } from './node-flags.ts';
import type { FunctionError } from './protocol.ts';
import { readManifestFacts } from './read-manifest-facts.ts';
import { runSandbox, type SandboxRun } from './run-sandbox.ts';

export interface InvokeOptions {
  /** Lambda's `Handler` setting; else the manifest beside the zip says, else `index.handler`. */
  readonly handler?: string | undefined;
  /** Else the manifest says, else the runtime of the newest Node.js. */
  readonly runtime?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly memoryMiB?: number | undefined;
  /** Where a Node.js of the right major is kept; null keeps none. */
  readonly cacheDir: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onLog: (text: string) => void;
}

/** What the function answered, or how it failed; `answer` is null in that case. */
export interface InvokeResult {
  readonly answer: unknown;
  readonly error: FunctionError | null;
}

const DEFAULTS = { handler: 'index.handler', runtime: 'nodejs24.x', timeoutMs: 30_000, memoryMiB: 1024 };

/** More than any function has, so that a zip bomb ends here. */
const MAX_UNZIPPED_BYTES = 2 * 1024 ** 3;

/** Unpacks a zip into an empty folder, runs its handler there in a Node.js process, and removes both. */
export function invokeZip(zipPath: string, event: unknown, options: InvokeOptions): Promise<InvokeResult> {
  return withTempDir(async dir => {
    const { signal, onLog, env } = options;
    const facts = await readManifestFacts(zipPath);
    const handler = options.handler ?? facts.handler ?? DEFAULTS.handler;
    const runtime = findRuntime(options.runtime ?? facts.runtime ?? DEFAULTS.runtime);
    const memoryMiB = options.memoryMiB ?? DEFAULTS.memoryMiB;
    const taskRoot = join(dir, 'task');
    const bytes = await unpackZip(zipPath, taskRoot, { maxBytes: MAX_UNZIPPED_BYTES, signal });
    if (bytes >= limits.unzippedBytes) {
      onLog(
        `Note: it unpacks to ${bytes} bytes; Lambda refuses what is not below ${limits.unzippedBytes}.\n`,
      );
    }
    const node = await chooseNode(runtime, facts.arch, options.cacheDir ?? dir, options);
    const tmp = join(dir, 'tmp');
    await mkdir(tmp);
    const run = await runSandbox({
      node: node.path,
      flags: nodeFlags(Number.parseInt(node.version, 10), memoryMiB),
      // Lambda does not set TMPDIR; here it keeps what the function puts down from staying behind.
      env: { ...makeFunctionEnv({ runtime, handler, taskRoot, memoryMiB, host: env }), TMPDIR: tmp },
      taskRoot,
      handler,
      event,
      memoryMiB,
      timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
      callbacks: Number(runtime.version) < 24,
      signal,
      onLog,
    });
    onLog(formatReport(run, memoryMiB));
    const { outcome } = run;
    if (outcome.kind === 'error') return { answer: null, error: outcome.error };
    return { answer: outcome.payload === null ? null : JSON.parse(outcome.payload), error: null };
  });
}

async function chooseNode(
  runtime: Runtime,
  arch: Arch | undefined,
  dir: string,
  { signal, onLog }: Pick<InvokeOptions, 'signal' | 'onLog'>,
): Promise<FoundNode> {
  const hostArch = process.arch === 'arm64' ? 'arm64' : 'x64';
  if (arch && arch !== hostArch) throw new SlimError('ARCH_CANNOT_RUN', [arch, hostArch]);
  if (runtime.language !== 'nodejs') throw new SlimError('RUNTIME_UNSUPPORTED', [runtime.id]);
  const node = await findNode(runtime.version, hostArch, { dir, signal });
  if (!node.exact)
    onLog(`Note: ${runtime.id} is not to be had here; this runs on Node.js ${node.version}.\n`);
  return node;
}

/** The first fields of Lambda's REPORT line; memory is not measured yet, so it is not claimed. */
function formatReport({ requestId, initMs, durationMs }: SandboxRun, memoryMiB: number): string {
  const init = initMs === null ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
  return `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: ${memoryMiB} MB${init}\n`;
}
