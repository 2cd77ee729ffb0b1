import { join } from 'node:path';
import { exists } from '../../util/fs.ts';
import type { PackageManifest } from '../package-manifest.ts';
import { isPlatformName } from '../platform-fit.ts';

/** Packages that find or load a binary beside them; whoever depends on one has native parts. */
const NATIVE_LOADERS = [
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  '@mapbox/node-pre-gyp',
  'node-pre-gyp',
  'prebuild-install',
  'pkg-prebuilds',
  'ffi-rs',
];

/** Says why a package must stay outside the bundle because it has native parts, or null. */
export async function findNativeReason(manifest: PackageManifest): Promise<string | null> {
  const loader = NATIVE_LOADERS.find(name => manifest.dependencies.includes(name));
  if (loader) return `it loads a native binary through ${loader}`;
  if (manifest.native) return 'its package.json describes a native binary';
  if (manifest.os.length > 0 || manifest.cpu.length > 0) return 'it is made for one platform';
  const platformPackage = manifest.optionalDependencies.find(isPlatformName);
  if (platformPackage) return `its binary is in packages such as ${platformPackage}`;
  if (await exists(join(manifest.dir, 'binding.gyp'))) return 'it is compiled by node-gyp';
  if (await exists(join(manifest.dir, 'prebuilds'))) return 'it carries prebuilt binaries';
  return null;
}

/** Constructs that a bundler cannot follow or that depend on where the file lies, with what they mean. */
const UNBUNDLABLE: readonly (readonly [RegExp, string])[] = [
  [/\b__(?:dirname|filename)\b/, 'it looks for files beside its own'],
  [/\bimport\.meta\b/, 'it looks for files beside its own'],
  [/\bcreateRequire\b/, 'it makes its own require()'],
  [/\bprocess\s*\.\s*dlopen\b/, 'it loads a native binary'],
  [/\bnew\s+(?:\w+\s*\.\s*)?Worker\s*\(/, 'it starts worker threads from its files'],
  [/\bchild_process\b[\s\S]*\bfork\s*\(/, 'it starts child processes from its files'],
  // Anything but require('literal'): by a computed name, or handed on under another one.
  [
    /(?<!typeof\s+)(?<![.\w$'"`/-])require\b(?!\s*\(\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`$]*`)\s*\))(?!['"`\w$:-])/,
    'it requires modules by names made at run time',
  ],
  [
    /\bmodule\s*\.\s*require\b|\bprocess\s*\.\s*mainModule\b/,
    'it requires modules by names made at run time',
  ],
  [/(?<![.\w$])import\s*\(\s*(?!['"`)]|\/\*)/, 'it imports modules by names made at run time'],
  [/(?<![.\w$])(?:require|import)\s*\(\s*`[^`]*\$\{/, 'it requires modules by names made at run time'],
];

/** Says why the code of a file cannot go into a bundle, or null. Comments may make it say so needlessly, which is safe. */
export function findUnbundlableReason(code: string): string | null {
  const bare = code.replace(WHOLE_LINE_COMMENTS, '');
  return UNBUNDLABLE.find(([pattern]) => pattern.test(bare))?.[1] ?? null;
}

/** Comments that surely are comments: blocks that begin a line, and lines of their own. */
const WHOLE_LINE_COMMENTS = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm;
