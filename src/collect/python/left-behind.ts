/** Folders that hold no sources: environments, caches, what tools wrote. */
const FOLDERS = new Set([
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  'node_modules',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '.aws-sam',
  '.serverless',
  'cdk.out',
  'lambda-slim-out',
]);

/** What an earlier build of a package left in its folder; setuptools would pack it again. */
const BUILT = /^(?:build|dist)$|^[^/]+\.egg-info$/;

/** True for a path inside a project, from its root, that is never copied from there. */
export function isLeftBehind(path: string): boolean {
  return BUILT.test(path) || path.split('/').some(name => FOLDERS.has(name));
}

/** The same folders as globs. */
export const NEVER_GLOBS: readonly string[] = [...FOLDERS].map(name => `**/${name}/**`);
