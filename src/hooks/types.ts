/** What is run before the handler's own module. */
export interface Hook {
  /** Who puts it there: the origin of what is generated, and part of the new name of the handler's module. */
  readonly by: string;
  /** Path of the shim in the artifact, for Node.js: `.lambda-slim/rest.cjs`. */
  readonly script: string;
  /** Name of the shim's module, for Python; it has a function `run(path, globals)`, which runs what lies in its folder under the path. */
  readonly module: string;
  /** For Python, the folder in the artifact of what left its place: `.lambda-slim/rest`. */
  readonly folder: string;
  /** Says why this handler cannot be hooked. */
  readonly refuse: (reason: string) => never;
}
