import { createHash } from 'node:crypto';
import { zipOf } from './aws-stub/zip-of.ts';
import type { Files } from './project.ts';

export interface WheelOptions {
  /** As in the file's name; default `py3-none-any`. */
  readonly tag?: string;
  readonly requires?: readonly string[];
  /** Beside the metadata; default a package of the name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines that the RECORD has as well. */
  readonly recorded?: readonly string[];
}

const fileName = (name: string): string => name.replaceAll('-', '_');

function digestOf(content: string): string {
  return `sha256=${createHash('sha256').update(content).digest('base64url')}`;
}

/** What a wheel holds, by path. */
export function wheelFiles(
  name: string,
  version: string,
  options: WheelOptions = {},
): Readonly<Record<string, string>> {
  const { tag = 'py3-none-any', requires = [], recorded = [] } = options;
  const info = `${fileName(name)}-${version}.dist-info`;
  const extras = requires.flatMap(each => /extra == "([^"]+)"/.exec(each)?.[1] ?? []);
  const files: Record<string, string> = {
    ...(options.files ?? { [`${fileName(name)}/__init__.py`]: `VERSION = "${version}"\n` }),
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${[...extras.map(each => `Provides-Extra: ${each}\n`), ...requires.map(each => `Requires-Dist: ${each}\n`)].join('')}`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: ${tag.endsWith('any')}\nTag: ${tag}\n`,
  };
  const lines = Object.entries(files).map(
    ([path, content]) => `${path},${digestOf(content)},${content.length}`,
  );
  return { ...files, [`${info}/RECORD`]: `${[...lines, ...recorded, `${info}/RECORD,,`].join('\n')}\n` };
}

/** A wheel under the name that pip looks for. */
export function wheel(name: string, version: string, options: WheelOptions = {}): Files {
  const { tag = 'py3-none-any' } = options;
  return { [`${fileName(name)}-${version}-${tag}.whl`]: zipOf(wheelFiles(name, version, options)) };
}

/**
 * The source of a package that builds itself without a network: its backend writes the wheel. `tag` is what it comes out as.
 */
export function sourceFiles(
  name: string,
  version: string,
  options: WheelOptions = {},
): Readonly<Record<string, string>> {
  const { tag = 'py3-none-any' } = options;
  const files = JSON.stringify(wheelFiles(name, version, options));
  return {
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    'backend.py': `
import json, os, zipfile

FILES = json.loads(${JSON.stringify(files)})

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "${fileName(name)}-${version}-${tag}.whl"
    open("left-by-the-build.txt", "w").close()
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, content in FILES.items():
            wheel.writestr(path, content)
    return name
`,
  };
}

/** A source distribution, as a zip. */
export function sdist(name: string, version: string, options: WheelOptions = {}): Files {
  const folder = `${fileName(name)}-${version}`;
  const files = {
    ...sourceFiles(name, version, options),
    'PKG-INFO': `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
  };
  const inside = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  );
  return { [`${folder}.zip`]: zipOf(inside) };
}

/** The hash of a file as requirements name it. */
export function hashOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
