import type { Finding, LinkageFinding } from '../findings.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

type Code = LinkageFinding['code'];
type FindingOf<C extends Code> = Extract<Finding, { readonly code: C }>;
type TooNew = FindingOf<'GLIBC_TOO_NEW' | 'GLIBCXX_TOO_NEW' | 'CXXABI_TOO_NEW'>;

/** What the linkage gate has to say, by code. */
export const LINKAGE_WORDINGS: { readonly [C in Code]: (finding: FindingOf<C>) => Wording } = {
  ARCH_MISMATCH: finding => ({
    message: `${tell(finding, 'is', '')} for ${list(finding.machines)}, and ${finding.mixed ? `the others are for ${finding.expected}; a function has one CPU` : `the function is ${finding.expected}${describeWeight(finding)}`}.`,
    hint: finding.mixed
      ? 'Say for which CPU it is meant with --arch.'
      : hintOnForeign(finding, `Install the build for ${finding.expected}, or change --arch.`),
  }),
  NOT_LINUX: finding => ({
    message: `${tell(finding, 'is', '')} for ${list(finding.systems)}, and Lambda runs Linux${describeWeight(finding)}.`,
    hint: hintOnForeign(
      finding,
      'Install for Linux: `lambda-slim build` does; or `npm install --os linux --cpu x64` (or arm64), `pip install --platform manylinux2014_x86_64 --only-binary=:all: --target …` (or manylinux2014_aarch64).',
    ),
  }),
  LIBC_MISMATCH: finding => ({
    message: `${tell(finding, 'is', '')} for the C library of ${list(finding.libcs)}, and Lambda has glibc${describeWeight(finding)}.`,
    hint: hintOnForeign(
      finding,
      'Install the build for glibc (`npm install --libc glibc`; for Python a manylinux wheel, not a musllinux one), not inside an Alpine container.',
    ),
  }),
  GLIBC_TOO_NEW: finding => wordTooNew(finding, 'glibc'),
  GLIBCXX_TOO_NEW: finding => wordTooNew(finding, 'libstdc++ (GLIBCXX)'),
  CXXABI_TOO_NEW: finding => wordTooNew(finding, 'libstdc++ (CXXABI)'),
  LIB_MISSING: wordMissing,
  LIB_BY_NAME: finding => ({
    message: `${tell(finding, 'may load', 'that may load')} ${list(finding.libraries)} by name at run time, and neither the artifact nor the runtime has ${finding.libraries.length === 1 ? 'it' : 'them'}.`,
    hint: 'Most code only tries such a library and does without; if the function needs it, add it to lib/ or to a layer.',
  }),
  LIB_SHADOWED: ({ package: name, libraries, own, needs, level }) => ({
    message: `${list(libraries)} of ${name} (such as ${own}) ${libraries.length === 1 ? 'is' : 'are'} never used: Lambda's LD_LIBRARY_PATH, or what the runtime has loaded already, gives the system's first${needs ? `, and that has no ${needs}, so the function fails` : ''}.`,
    hint:
      level === 'error'
        ? 'Give your copy a name of its own (patchelf --set-soname), or an RPATH ($ORIGIN, patchelf --force-rpath) to what needs it; or put its folder first in the LD_LIBRARY_PATH of the function.'
        : 'Leave your copy out, if the one of the system does; else give it a name or an RPATH of its own.',
  }),
  PYTHON_ABI_MISMATCH: finding => ({
    message: `${tell(finding, 'is', '')} for ${describeAbi(finding.tag)} (${finding.tag}), and ${finding.runtime} imports only ${finding.expected}${describeWeight(finding)}.`,
    hint: hintOnForeign(
      finding,
      `Install with \`pip install --python-version ${versionOf(finding.expected)} --only-binary=:all: --target …\`, so that wheels tagged ${finding.expected.replace('cpython-', 'cp')} are taken; or choose the runtime that fits, such as ${runtimeOf(finding.tag)}.`,
    ),
  }),
  NAPI_TOO_NEW: finding => ({
    message: `${tell(finding, 'needs', 'that need')} Node-API ${finding.needs} (${list(finding.symbols)}), and ${finding.runtime} has ${finding.has}.`,
    hint: `${fitting(finding.fits)}, or install an older version of the package.`,
  }),
  NODE_ABI_MISMATCH: finding => ({
    message: `${tell(finding, 'was', 'that were')} compiled against another Node.js (NODE_MODULE_VERSION ${list(finding.abis)}), and ${finding.runtime} loads only ${finding.expected}${describeWeight(finding)}.`,
    hint: hintOnForeign(
      finding,
      `${fittingNode(finding)}, or install or rebuild the package with the Node.js of ${finding.runtime} (\`npm rebuild\`).`,
    ),
  }),
  EXEC_BIT_LOST: finding => ({
    message: `${tell(finding, 'is a program that may not be executed', 'that may not be executed', 'program')}: the mode has no x, so Lambda would answer EACCES.`,
    hint: 'Make the zip on Linux or macOS with mode 0755, or with `lambda-slim build`; zips from Windows have no modes at all.',
  }),
  STRIP_DAMAGED: finding => ({
    message: `${tell(finding, 'is damaged, so the dynamic linker refuses it or reads beyond its end', 'that the dynamic linker refuses or reads beyond')}: ${finding.reason}. Most often strip or patchelf did this, or a copy that was cut short.`,
    hint: 'Install the package again and leave strip out of your build; `lambda-slim build` strips these files without damage.',
  }),
  LIBRARY_BROKEN: finding => ({
    message: `${tell(finding, '', 'of which each')} ${BROKEN[finding.what]}${finding.reason ? ` (${finding.reason})` : ''}.`,
    hint: BROKEN_HINTS[finding.what],
  }),
  LIBRARY_HOLES: finding => ({
    message: `${tell(finding, 'has', 'with')} ${formatBytes(finding.holes)} of zeros between segments, which patchelf or the linker left there.`,
    hint: 'They are told, not mended, since nothing may move in memory; in a zip they take almost nothing.',
  }),
};

const BROKEN: Readonly<Record<FindingOf<'LIBRARY_BROKEN'>['what'], string>> = {
  broken: 'begins as an ELF file and breaks off, or its tables lead outside it',
  archive: 'is a static archive with the name of a library, which nothing can load',
  'linker script': 'is a text for the linker (GNU ld script), which only compilers read',
  'git-lfs pointer': 'is a pointer of Git LFS, not the library itself',
  empty: 'is empty, so there is nothing to load',
  unknown: 'has the name of a library and is none',
};

const BROKEN_HINTS: typeof BROKEN = {
  broken: 'Copy or install it again; the download or the copy was cut short.',
  archive: 'Leave it out with "exclude", or put the shared library there.',
  'linker script':
    'Leave it out with "exclude"; if something needs this name, make it a link to the real library.',
  'git-lfs pointer': 'Run `git lfs pull` before you build.',
  empty: 'Install the package again; or leave the file out, if nothing needs it.',
  unknown: 'Leave it out with "exclude", if nothing needs it.',
};

function wordTooNew(finding: TooNew, what: string): Wording {
  const { needs, has, runtime, fits, own, uncertain } = finding;
  const copy = own ? ` The copy in ${own} is not the one that is found.` : '';
  const doubt = uncertain ? ' Newer images of the runtime may have it, older ones do not.' : '';
  const wheel =
    what === 'glibc' ? ` no newer than manylinux_${has.replace('.', '_')} (manylinux2014 always fits)` : '';
  const build = runtime.startsWith('python')
    ? `install a wheel${wheel || ' for an older manylinux'}`
    : `install a build made on an older system (glibc ${has === '' ? 'of Amazon Linux' : 'and libstdc++ of Amazon Linux'})`;
  return {
    message: `${tell(finding, 'needs', 'that need')} ${what} ${needs}, and ${runtime} has ${has}.${doubt}${copy}`,
    hint: uncertain && fits.length === 0 ? `To be safe, ${build}.` : `${fitting(fits)}, or ${build}.`,
  };
}

function wordMissing(finding: FindingOf<'LIB_MISSING'>): Wording {
  const { libraries, chain, elsewhere, advice, reason } = finding;
  const path = chain.length > 1 ? ` (${chain.join(' → ')})` : '';
  const needs = `${tell(finding, 'needs', 'that need')} ${list(libraries)}${path}`;
  switch (reason) {
    case 'off the path':
      return {
        message: `${needs}; such a library lies at ${elsewhere}, but not on the search path: it is found only if something loaded that file before.`,
        hint: 'Packages that load their libraries themselves are fine. Else put the library beside, into lib/, or set an RPATH.',
      };
    case 'optional':
      return {
        message: `${needs}, which Lambda does not have; it belongs to a plug-in that is only loaded where it is.`,
        hint: 'Leave these files out with "exclude", or install the CPU build of the package if there is one; to use them, add the library to lib/.',
      };
    case 'uncertain':
      return {
        message: `${needs}; sources disagree whether this runtime has it.`,
        hint: 'Try it with a runtime of Amazon Linux 2023, or bring the library along in lib/.',
      };
    case 'missing':
      return {
        message: `${needs}, and neither the artifact nor the runtime has it.`,
        hint: `${
          advice ??
          'Add the library to lib/ or to a layer; or install a build of the package that brings it along, and keep its *.libs folder.'
        } Or have it taken from the image of the runtime: build with --container and "container": { "vendorLibraries": ${JSON.stringify(libraries)} }.`,
      };
    default:
      return reason satisfies never;
  }
}

/** A sentence about one file (`is`), or about the files of a package (`that need`), up to what it is or needs. */
function tell(
  { package: name, paths, count }: LinkageFinding,
  single: string,
  several: string,
  noun = 'file',
): string {
  const [first = ''] = paths;
  if (count === 1) return `${first.startsWith(name) ? first : `${first} of ${name}`} ${single}`.trimEnd();
  const has = /^\d+ packages$/.test(name) ? 'have' : 'has';
  return `${name} ${has} ${formatPlural(count, noun)} (${first}, …) ${several}`.trimEnd();
}

function describeWeight({ level, bytes }: LinkageFinding): string {
  return level === 'error'
    ? ''
    : `; nothing loads what is not for it, so ${formatBytes(bytes)} are dead weight`;
}

function hintOnForeign({ level }: LinkageFinding, hint: string): string {
  return level === 'error'
    ? hint
    : 'Leave them out with "exclude"; `lambda-slim build` does so for packages that it knows.';
}

function fitting(fits: readonly string[]): string {
  return fits.length > 0
    ? `It fits ${fits.join(', ')}: choose one with --runtime${fits[0]?.startsWith('python') ? ', and install the packages anew for it' : ''}`
    : 'It fits no runtime of Lambda: build it on Amazon Linux 2023';
}

function fittingNode({ fits }: FindingOf<'NODE_ABI_MISMATCH'>): string {
  return fits.length > 0
    ? `It fits ${list(fits)}: choose one with --runtime`
    : 'It fits no runtime of Lambda: install a version of the package that does';
}

function describeAbi(tag: string): string {
  const version = versionOf(tag);
  return version === tag ? tag : `CPython ${version}${/t$/.test(tag) ? ' without GIL' : ''}`;
}

/** `cpython-311` is `3.11`. */
function versionOf(tag: string): string {
  return tag.replace(/^cpython-(\d)(\d+)\w*$/, '$1.$2');
}

function runtimeOf(tag: string): string {
  const version = versionOf(tag);
  return version === tag ? 'none of Lambda' : `python${version}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
