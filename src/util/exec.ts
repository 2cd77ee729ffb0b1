import { ExecaError, execa } from 'execa';
import { SlimError } from '../errors.ts';

export interface ExecOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly input?: string | Uint8Array;
  /** Called with each line of stderr and stdout as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lines of output that a failure message repeats: programs name the cause first or last. */
const SHOWN_LINES = 12;

/** Runs a program without a shell; a non-zero exit is `COMMAND_FAILED` with the first and last lines of its output. */
export async function exec(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult> {
  try {
    const child = execa(file, args, {
      cwd: options.cwd,
      ...(options.env ? { env: options.env, extendEnv: false } : {}),
      ...(options.signal ? { cancelSignal: options.signal } : {}),
      ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      maxBuffer: 64 * 1024 * 1024,
      windowsHide: true,
      ...(options.onLine ? { stdout: linesTo(options.onLine), stderr: linesTo(options.onLine) } : {}),
    });
    const { stdout, stderr, exitCode } = await child;
    return { exitCode: exitCode ?? 0, stdout, stderr };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.isCanceled) throw new SlimError('CANCELLED', [], { cause: error });
    if (error.code === 'ENOENT')
      throw new SlimError('TOOL_MISSING', [file, `run \`${file} ${args[0] ?? ''}\``], { cause: error });
    throw new SlimError(
      'COMMAND_FAILED',
      [error.command, error.exitCode ?? error.signal ?? 'no exit code', summary(error)],
      {
        cause: error,
      },
    );
  }
}

/** A transform of execa that lets each line pass and tells it. */
function linesTo(onLine: (line: string) => void) {
  return function* (line: unknown): Generator<string> {
    onLine(String(line));
    yield String(line);
  };
}

function summary(error: ExecaError): string {
  const lines = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().split('\n');
  if (lines.length <= 2 * SHOWN_LINES) return lines.join('\n');
  return [...lines.slice(0, SHOWN_LINES), '…', ...lines.slice(-SHOWN_LINES)].join('\n');
}
