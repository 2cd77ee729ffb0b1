import { SlimError } from '../../../errors.ts';
import { exec } from '../../../util/exec.ts';

export interface ToolOutcome {
  readonly isDone: boolean;
  /** All that it printed. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Runs a program to its end and gives its words, whether it failed or not. Throws `TOOL_MISSING` and `CANCELLED`. */
export async function runTool(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ToolOutcome> {
  const lines: string[] = [];
  const isDone = await exec(command, args, { ...options, onLine: line => lines.push(line) }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof SlimError && error.code === 'COMMAND_FAILED') return false;
      throw error;
    },
  );
  return { isDone, output: lines.join('\n') };
}
