/** Folders that are about a project and not of it. */
const FOLDERS =
  /^(?:__pycache__|__MACOSX|\.git|\.hg|\.svn|\.ipynb_checkpoints|\.pytest_cache|\.mypy_cache|\.venv)$/;
/** What systems and editors leave behind; TorchServe takes macOS's `._model.pth` for a model. */
const FILES = /^(?:\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|\.gitignore|\.gitattributes)$/;

/** True for the path of a file that nobody means to send. */
export function isStray(path: string): boolean {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  return isStrayName(name) || segments.some(segment => FOLDERS.test(segment));
}

/** The same for one name on the way, of a file or a folder. */
export function isStrayName(name: string): boolean {
  return FILES.test(name) || FOLDERS.test(name);
}
