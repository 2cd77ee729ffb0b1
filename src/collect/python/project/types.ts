import type { Platform } from '../../../types.ts';

/** What a wheel has to be built from first: a folder, or what pip knows how to fetch (an archive, a URL of a version control system). */
export interface WheelSource {
  readonly kind: 'folder' | 'other';
  /** Absolute path, or URL. */
  readonly location: string;
  readonly extras: readonly string[];
}

/** One requirement as it is handed to pip or uv. */
export interface Requirement {
  /** Normalised; null for a path or URL that does not tell it. */
  readonly name: string | null;
  /** A line of pip's requirements format, without hashes: `numpy>=2; python_version > "3.9"`. */
  readonly text: string;
  /** As `sha256:…`. */
  readonly hashes: readonly string[];
  /** Null for what an index has. */
  readonly source: WheelSource | null;
}

export const PROJECT_KINDS = [
  'uv.lock',
  'poetry.lock',
  'Pipfile.lock',
  'pylock.toml',
  'requirements.txt',
  'pyproject.toml',
  'Pipfile',
] as const;

/** What a function depends on, read from one file of its project. */
export interface PythonProject {
  readonly kind: (typeof PROJECT_KINDS)[number];
  /** The file that decides; absolute. */
  readonly path: string;
  /** Absolute paths of the files that were read. */
  readonly inputs: readonly string[];
  readonly requirements: readonly Requirement[];
  /** Lines of constraints files. */
  readonly constraints: readonly string[];
  /** Lines that say where to look, such as `--extra-index-url https://…`; paths in them are absolute. */
  readonly options: readonly string[];
  /** True for a lock: the list is complete, and nothing is resolved anew. */
  readonly isLocked: boolean;
}

/** Reads a kind of file in a folder; null where it is not there. */
export type ReadProject = (
  dir: string,
  platform: Platform,
  env: Readonly<Record<string, string | undefined>>,
) => Promise<PythonProject | null>;
