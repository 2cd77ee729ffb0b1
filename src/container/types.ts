export const ENGINES = ['docker', 'podman', 'finch'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Where an engine's containers run, as seen from this machine. */
export type EnginePlace =
  /** On this very kernel: they see its folders and its loopback. */
  | { readonly kind: 'here' }
  /** In a virtual machine on this machine, which shares its folders; `host` is how containers name this machine. */
  | { readonly kind: 'machine'; readonly host: string }
  /** On another machine: nothing is shared. `host` is its name or address, null where only ssh knows it. */
  | { readonly kind: 'far'; readonly endpoint: string; readonly host: string | null };

/** A program that runs containers, and whose engine answers. */
export interface Engine {
  readonly name: EngineName;
  readonly place: EnginePlace;
  /** True where root in a container is the user who runs the engine. */
  readonly rootless: boolean;
  /** Of the programs started for it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Runs a command of it and gives what it prints. `task` says in an error what it was for (`pull the image`); `more` goes into
   * the environment of the program. Throws `CONTAINER_ENGINE_DOWN`, `CONTAINER_ENGINE_DENIED`, `CONTAINER_FAILED`, `CANCELLED`.
   */
  run(
    task: string,
    args: readonly string[],
    signal?: AbortSignal,
    more?: Readonly<Record<string, string>>,
  ): Promise<string>;
}

/** The section `container` of the config, with nothing left to default. */
export interface ContainerOptions {
  /** Null takes the first one that answers. */
  readonly engine: EngineName | null;
  /** System packages, installed as root before the steps. */
  readonly packages: readonly string[];
  /** Names of variables of this machine that steps may see. */
  readonly environment: readonly string[];
  /** Such as `host`; null is the engine's own choice. */
  readonly network: string | null;
  /** Null is no limit. */
  readonly cpus: number | null;
  /** MiB; null is no limit. */
  readonly memoryMiB: number | null;
  /** Of the whole run, pulling aside. */
  readonly timeoutSeconds: number;
  /** System libraries that are to be shipped: those named, or (true) those that are found missing. */
  readonly vendorLibraries: true | readonly string[];
  /** The arguments by which `container shell` opens the same container by hand. */
  readonly shellArgs: readonly string[];
}
