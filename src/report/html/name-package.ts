const NPM = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Whose a path is, where nothing but the path tells: `sharp`, or words for what no package of npm brought. */
export function namePackage(path: string): string {
  const name = NPM.exec(path)?.[1];
  if (name !== undefined) return name;
  const slash = path.indexOf('/');
  return slash < 0 ? 'your files' : `your files in ${path.slice(0, slash)}/`;
}
