/** Packages as they lie on this disk, for the target. */
export interface Installed {
  /** For Node.js the mirror of the install root with its node_modules, for Python the folder of all modules. */
  readonly dir: string;
  /** The folder of system libraries that came from the image; null where none were asked for. */
  readonly libraries: string | null;
}
