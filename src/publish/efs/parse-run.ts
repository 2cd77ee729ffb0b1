const STATES = ['running', 'continuing', 'paused', 'done', 'failed'] as const;

/** How far a run is, as the function that syncs tells it. */
export interface RunState {
  readonly state: (typeof STATES)[number];
  readonly round: number;
  readonly beat: number;
  readonly phase: string | null;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly result: SyncedFacts | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** Bytes. */
export interface SyncedFacts {
  readonly wasThere: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly writtenBytes: number;
  readonly fetchedBytes: number;
}

type Members = Readonly<Record<string, unknown>>;

/** Null where the run has not told anything yet. What comes is another program's, so every member is looked at. */
export function parseRun(answer: unknown): RunState | null {
  if (!isMembers(answer)) return null;
  const state = STATES.find(name => name === answer.state);
  if (state === undefined) return null;
  return {
    state,
    round: toNumber(answer.round),
    beat: toNumber(answer.beat),
    phase: typeof answer.phase === 'string' ? answer.phase : null,
    doneBytes: toNumber(answer.doneBytes),
    totalBytes: toNumber(answer.totalBytes),
    result: isMembers(answer.result) ? toFacts(answer.result) : null,
    error: isMembers(answer.error) ? toError(answer.error) : null,
  };
}

function toFacts(members: Members): SyncedFacts {
  return {
    wasThere: members.wasThere === true,
    files: toNumber(members.files),
    bytes: toNumber(members.bytes),
    writtenBytes: toNumber(members.writtenBytes),
    fetchedBytes: toNumber(members.fetchedBytes),
  };
}

function toError({ code, message, hint }: Members): RunState['error'] {
  return { code: String(code ?? ''), message: String(message ?? ''), hint: String(hint ?? '') };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
