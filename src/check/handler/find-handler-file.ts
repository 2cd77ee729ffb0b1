/** A file of the function or of a layer. */
export interface HandlerFile {
  readonly part: number;
  readonly path: string;
}

export interface HandlerPlace {
  /** Null where it is not there; `isOpaque` where something else provides it whose exports are not to be seen. */
  readonly file: HandlerFile | null;
  readonly isOpaque: boolean;
  /** What was looked for, in the order of the runtime. */
  readonly expected: readonly string[];
  /** The first name that has to be exported. */
  readonly name: string;
}

/** Paths of each part's files: of the function, then of its layers. */
export type PartPaths = readonly { has(path: string): boolean; keys(): Iterable<string> }[];

/** As the runtime client for Node.js resolves it: all up to the first dot of the last segment is the module. */
export function placeNodeHandler(handler: string, parts: PartPaths): HandlerPlace {
  const slash = handler.lastIndexOf('/') + 1;
  const [file = '', name = ''] = handler.slice(slash).split('.');
  const module = normalize(`${handler.slice(0, slash)}${file}`);
  const expected = ['.js', '.mjs', '.cjs'].map(suffix => `${module}${suffix}`);
  const candidates = [module, ...expected, `${module}/index.js`];
  const found = findIn(candidates, parts, ['nodejs/']);
  const packages = [`node_modules/${module}/package.json`, `${module}/package.json`];
  const isOpaque = found === null && findIn(packages, parts, ['nodejs/']) !== null;
  return { file: found, isOpaque, expected, name };
}

/** As the runtime client for Python does: all up to the last dot is the module. */
export function placePythonHandler(handler: string, parts: PartPaths, version: string): HandlerPlace {
  const dot = handler.lastIndexOf('.');
  const module = normalize(handler.slice(0, Math.max(dot, 0)).replaceAll('.', '/'));
  const expected = [`${module}.py`, `${module}/__init__.py`];
  const inLayers = ['python/', `python/lib/python${version}/site-packages/`];
  const file = findIn(expected, parts, inLayers);
  const compiled = [`${module}.pyc`, `${module}.so`, `${module}/__init__.pyc`];
  const isOpaque =
    file === null &&
    (findIn(compiled, parts, inLayers) !== null ||
      parts.some((part, index) => hasExtension(part, module, index === 0 ? [''] : inLayers)));
  return { file, isOpaque, expected, name: handler.slice(dot + 1) };
}

function hasExtension(part: PartPaths[number], module: string, folders: readonly string[]): boolean {
  const starts = folders.map(folder => `${folder}${module}.`);
  for (const path of part.keys()) {
    if (/\.(?:cpython|abi3)[^/]*\.so$/.test(path) && starts.some(start => path.startsWith(start)))
      return true;
  }
  return false;
}

function normalize(module: string): string {
  return module.replace(/^(?:\.\/)+/, '').replace(/^\/var\/task\//, '');
}

/** In the function by its path, in layers below the folders that the runtime looks in, or by an absolute path. */
function findIn(
  candidates: readonly string[],
  parts: PartPaths,
  inLayers: readonly string[],
): HandlerFile | null {
  for (const candidate of candidates) {
    if (parts[0]?.has(candidate)) return { part: 0, path: candidate };
  }
  for (const candidate of candidates) {
    const names = candidate.startsWith('/opt/')
      ? [candidate.slice('/opt/'.length)]
      : inLayers.map(folder => `${folder}${candidate}`);
    for (const [part, paths] of parts.entries()) {
      const path = part === 0 ? undefined : names.find(name => paths.has(name));
      if (path !== undefined) return { part, path };
    }
  }
  return null;
}
