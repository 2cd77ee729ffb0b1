import type { Format } from '../report/ci/formats.ts';
import type { Tool } from '../report/json.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Io } from './io.ts';

/** What a command gets beside its arguments. */
export interface Session {
  readonly io: Io;
  readonly tool: Tool;
  readonly reporter: Reporter;
  readonly json: boolean;
  readonly format: Format;
}

/** Exit codes of the CLI. */
export const EXIT = { ok: 0, finding: 1, failed: 2 } as const;
