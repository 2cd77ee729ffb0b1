import type { Arch, Runtime } from '../types.ts';

/** An EFS folder as the function sees it. */
export interface Mount {
  /** On Lambda: `/mnt/` and one name. */
  readonly path: string;
  /** On this machine; absolute. */
  readonly folder: string;
}

/** A host folder that the sandbox sees at its own path, beside the function's. */
export interface VisibleFolder {
  readonly folder: string;
  readonly writable: boolean;
}

/** A function as Lambda is told of it, and where its parts lie on this machine. Folders are absolute and never written to. */
export interface LocalSettings {
  readonly runtime: Runtime;
  readonly arch: Arch;
  /** Lambda's `Handler` setting. */
  readonly handler: string;
  /** Unpacked code: `/var/task`. */
  readonly code: string;
  /** Unpacked layers in the order they are attached; a later one covers an earlier one in `/opt`. */
  readonly layers: readonly string[];
  readonly mount: Mount | null;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly tmpMiB: number;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly functionName: string;
  /** Packages that the managed runtime brings, such as the AWS SDK: `/var/runtime/node_modules`, or in `/var/runtime` for Python. */
  readonly runtimePackages: string | null;
}

export const ISOLATION_CHOICES = ['auto', 'none', 'container'] as const;
export type IsolationChoice = (typeof ISOLATION_CHOICES)[number];

/** What a local run needs of the world around it. */
export interface LocalOptions {
  readonly isolation: IsolationChoice;
  /** For the container: another image than AWS's own for the runtime. */
  readonly image?: string | undefined;
  /** An empty folder of this run; the caller removes it after `stop`. */
  readonly workDir: string;
  /** Where a Node.js of the right major is kept; null keeps none. */
  readonly cacheDir: string | null;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Told what the function prints, and the lines START, END, REPORT that Lambda adds. */
  readonly onLog: (text: string) => void;
  /** Shown to the function beside its own files; used for recording. */
  readonly visible?: readonly VisibleFolder[];
  /** The code is a copy made for this run: it is mounted writable, so that the kernel notes in its access times what is read. */
  readonly writableCode?: boolean;
}

/** How close the sandbox comes to Lambda's; `report` says it to the user. */
export interface Isolation {
  readonly kind: 'namespace' | 'user-namespace' | 'container' | 'process';
  /** How the memory size is held: by the kernel, by looking at it every few milliseconds, or not at all. */
  readonly memory: 'cgroup' | 'polled' | 'none';
  /** What `/tmp` is: of its true size, or only a folder. */
  readonly tmp: 'disk' | 'tmpfs' | 'folder';
  /** True where the code cannot be written to, whoever the function runs as. */
  readonly readOnlyCode: boolean;
  /** The interpreter, such as `Node.js 24.11.0`, and whether it is the runtime's own version. */
  readonly interpreter: string;
  readonly exactInterpreter: boolean;
}

/** The form in which Lambda reports a function's failure. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Node.js calls it `trace` or `stackTrace`, Python `stackTrace`; here always this. */
  readonly stackTrace?: readonly string[];
}

/** How one invocation ended. */
export type Outcome =
  | { readonly kind: 'answer'; readonly body: Uint8Array; readonly contentType: string }
  /** `body` is all that was streamed, with the prelude of HTTP answers; `error` is set where the stream broke off. */
  | {
      readonly kind: 'stream';
      readonly body: Uint8Array;
      readonly contentType: string;
      readonly error: FunctionError | null;
    }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** What a sandbox used so far; null where the host does not tell. */
export interface Usage {
  /** Peak of the resident memory of all its processes together, bytes. */
  readonly maxMemoryBytes: number | null;
  /** Read from the disk, not from the page cache, bytes. */
  readonly readBytes: number | null;
  /** What lies in `/tmp`, bytes. */
  readonly tmpBytes: number | null;
}

/** The fields of Lambda's REPORT line, and what Lambda does not tell. Times in ms. */
export interface InvocationReport extends Usage {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memoryMiB: number;
  /** Null for a warm start. */
  readonly initMs: number | null;
  readonly status: 'success' | 'error' | 'timeout';
}

export interface Invocation {
  readonly outcome: Outcome;
  readonly report: InvocationReport;
  /** What was printed meanwhile, without Lambda's own lines. */
  readonly logs: string;
}

export interface InvokeOptions {
  /** JSON text. */
  readonly clientContext?: string;
  readonly signal?: AbortSignal;
  /** Told the parts of a streamed answer as they come. */
  readonly onStart?: (contentType: string) => void;
  readonly onChunk?: (chunk: Uint8Array) => void;
}

/** A function in its sandbox. One invocation at a time, as on Lambda. */
export interface LocalFunction {
  readonly isolation: Isolation;
  /** A cold start without an invocation, unless it has started already; null when the function is ready, else how its init failed. */
  init(): Promise<FunctionError | null>;
  /**
   * Runs the function on an event, JSON text; the first one after the start, after `reset` and after a crash is a cold start.
   * A failure of the function is an outcome; throws `CANCELLED`, and what says that it cannot be run at all.
   */
  invoke(event: string | Uint8Array, options?: InvokeOptions): Promise<Invocation>;
  /** Ends the sandbox, so that the next invocation is a cold start with an empty `/tmp`. */
  reset(): Promise<void>;
  /** Native libraries and programs that its processes have mapped right now, as Lambda would name them (`/var/task/…`). Linux only, else empty. */
  loaded(): Promise<readonly string[]>;
  /** Ends everything it started. Safe to call twice. */
  stop(): Promise<void>;
}

// -- between the function and the sandbox that it runs in --

/** What a sandbox shows under which path. On Lambda: `/var/task`, `/opt`, `/var/runtime`, `/tmp`. */
export interface Places {
  readonly task: string;
  readonly opt: string;
  readonly runtime: string;
  readonly tmp: string;
}

/** What is to be run; `file` and `folders` are paths of the host, shown to the sandbox where they lie. */
export interface Interpreter {
  readonly file: string;
  /** All it needs beside the system's own folders, such as the prefix of a Python. */
  readonly folders: readonly string[];
}

/** What a container is made from; the other sandboxes do not look at it. */
export interface SandboxImage {
  readonly runtime: Runtime;
  readonly arch: Arch;
  /** Another image than AWS's own for the runtime. */
  readonly name: string | null;
  /** Environment of the container engine's program: `PATH`, `HOME`, `DOCKER_HOST`. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
}

export interface SandboxSpec {
  readonly code: string;
  readonly layers: readonly string[];
  readonly mount: Mount | null;
  /** Folder with the bootstrap: `/var/runtime`. */
  readonly runtime: string;
  readonly runtimePackages: string | null;
  readonly interpreter: Interpreter;
  readonly visible: readonly VisibleFolder[];
  readonly memoryMiB: number;
  readonly tmpMiB: number;
  /** See `LocalOptions`. */
  readonly writableCode?: boolean;
  readonly workDir: string;
  readonly onLog: (text: string) => void;
  /** Needed for a container only. */
  readonly image?: SandboxImage;
}

/** Why a sandbox ended by itself. */
export type SandboxExit =
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'not-started'; readonly reason: string };

export interface SandboxCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A running interpreter with all that it starts. */
export interface Sandbox {
  /** Settles when the interpreter is gone; never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** When its first process began, by `performance.now()`; absent where that is when `start` ended. */
  readonly startedAt?: number;
  usage(): Promise<Usage>;
  loaded(): Promise<readonly string[]>;
  /** Kills everything in it, waits until nothing is left, and removes its `/tmp`. What was printed has been told by then. */
  stop(): Promise<void>;
}

/** A way to run sandboxes on this machine. */
export interface SandboxHost {
  readonly isolation: Pick<Isolation, 'kind' | 'memory' | 'tmp' | 'readOnlyCode'>;
  readonly places: Places;
  /** Starts `spec.interpreter.file` with an empty `/tmp`, working folder `places.task`. */
  start(command: SandboxCommand): Promise<Sandbox>;
  close(): Promise<void>;
}
