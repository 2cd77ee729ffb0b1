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
