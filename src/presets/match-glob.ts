import picomatch from 'picomatch';

/** The same on every host: no host's separator, no case folding, names with a dot are names. */
const OPTIONS = { dot: true, nocase: false, windows: false } as const;

/** A word, since picomatch may escape anything else. */
const PLACEHOLDER = '__variable__';

export type Match = (path: string) => boolean;

/** Makes a test for paths that match at least one of the globs. */
export function matchGlobs(globs: readonly string[]): Match {
  const matchers = globs.map(glob => picomatch(glob, OPTIONS));
  return path => matchers.some(match => match(path));
}

/** The text that each of `variables` stands for in those paths that match `glob`, as `darwin-arm64`; sorted by the caller. */
export function captureVariables(glob: string, paths: readonly string[]): readonly string[] {
  const wild = glob.replace(/\$\{\w+\}/g, PLACEHOLDER);
  const source = picomatch.makeRe(wild, OPTIONS).source.replaceAll(PLACEHOLDER, '([^/]+?)');
  const pattern = new RegExp(source);
  const found = paths.flatMap(path => pattern.exec(path)?.slice(1).filter(Boolean).join('-') ?? []);
  return [...new Set(found)];
}
