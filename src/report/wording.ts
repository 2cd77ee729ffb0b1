import type { Finding, FindingCode } from '../findings.ts';
import { formatBytes, formatBytesPair, formatPlural } from './bytes.ts';
import { wordBytecodeLeftOut } from './wording-bytecode.ts';
import { CHECK_WORDINGS } from './wording-check.ts';
import { wordCuda } from './wording-cuda.ts';
import { wordEfsFiles } from './wording-efs.ts';
import { EXACT_WORDINGS } from './wording-exact.ts';
import { LINKAGE_WORDINGS } from './wording-linkage.ts';
import {
  wordBroken,
  wordComputed,
  wordProvided,
  wordUndeclared,
  wordUnknownService,
} from './wording-python.ts';
import { REPORT_WORDINGS } from './wording-report.ts';
import { SAGEMAKER_WORDINGS } from './wording-sagemaker.ts';
import { VERIFY_WORDINGS } from './wording-verify.ts';

/** What a person reads of a finding: what it is and why it matters, and what to do. */
export interface Wording {
  readonly message: string;
  readonly hint: string;
  /** What to write into a file, as it is. */
  readonly lines?: readonly string[];
}

type FindingOf<C extends FindingCode> = Extract<Finding, { readonly code: C }>;

const WORDINGS: { readonly [C in FindingCode]: (finding: FindingOf<C>) => Wording } = {
  ...LINKAGE_WORDINGS,
  ...SAGEMAKER_WORDINGS,
  ...CHECK_WORDINGS,
  ...REPORT_WORDINGS,
  ...EXACT_WORDINGS,
  ...VERIFY_WORDINGS,
  LIMIT_ZIPPED: ({ bytes, limit }) => ({
    message: `${describeOver('Zipped', bytes, limit)} for a direct upload, so Lambda refuses it that way.`,
    hint: 'Upload it through S3, which has no limit of its own; or make it smaller: see what stayed with `lambda-slim plan`, or try --compress max.',
  }),
  LIMIT_UNZIPPED: ({ bytes, limit }) => ({
    message: `${describeOver('Unzipped', bytes, limit)}; Lambda refuses every function that is not below it, layers counted in.`,
    hint: 'Look at the largest things that stayed with `lambda-slim plan` and leave out what is not needed ("exclude", --level bold or exact); let large libraries travel compressed (--compress-libraries); or load a model from S3 or EFS at run time.',
  }),
  LIMIT_LAYERS: ({ layers, limit }) => ({
    message: `${layers} layers were given, and Lambda attaches at most ${limit} to a function.`,
    hint: 'Put several layers together into one, or move their files into the function.',
  }),
  RUNTIME_DEPRECATED: ({ runtime, deprecated, blockCreate, blockUpdate }) => ({
    message: `${runtime} gets no security fixes since ${deprecated}${describeBlocks(blockCreate, blockUpdate)}.`,
    hint: 'Choose a newer runtime with "runtime" or --runtime.',
  }),
  RULE_MATCHED_NOTHING: ({ rule, package: name }) => ({
    message: `The rule ${rule} matched no file of ${name}; the package may have changed its layout, and what the rule meant to remove is still there.`,
    hint: 'Compare the preset with the package using `lambda-slim preset check`, or switch the rule off with "rules": { "disable": […] }.',
  }),
  RULE_UNKNOWN: ({ rule, nearest }) => ({
    message: `No preset has a rule ${JSON.stringify(rule)}, so switching it on or off did nothing.`,
    hint: nearest ? `Did you mean ${nearest}?` : 'See the rules that ran with `lambda-slim plan`.',
  }),
  KEEP_MATCHED_NOTHING: ({ pattern }) => ({
    message: `The keep pattern ${JSON.stringify(pattern)} matched no path, so it protects nothing.`,
    hint: 'Mend it; it is matched against paths in the artifact. Find them with `lambda-slim plan --files`.',
  }),
  PRESET_VERSION_UNTESTED: ({ preset, package: name, versions }) => ({
    message: `The preset ${preset} is tested with ${versions}, not with ${name}, so only its rules that check for themselves were used.`,
    hint: 'Nothing is broken, the artifact is only larger. Install a version in that range, or give a preset of your own.',
  }),
  TARGET_BINARY_MISSING: ({ package: name, platform, found }) => ({
    message: `${name} has no binary for ${platform} (found: ${found.join(', ') || 'none'}), so it would fail when it is loaded on Lambda.`,
    hint: `Install a version that has one, or allow its install script with --allow-scripts ${name.replace(/@[^@/]+$/, '')}. What has to be compiled for Lambda is compiled with --container.`,
  }),
  INSTALL_SCRIPT_SKIPPED: ({ package: name }) => ({
    message: `The install script of ${name} was not run, since such scripts may do anything; what it would fetch or build is missing.`,
    hint: `If the function needs it, allow it with --allow-scripts ${name.replace(/@[^@/]+$/, '')} or "install": { "scripts": […] }.`,
  }),
  NO_LOCKFILE: ({ root }) => ({
    message: `No lockfile belongs to the package.json of ${root}, so another day may install other versions and give other bytes.`,
    hint: 'Run `npm install` (or pnpm, or yarn) there and commit the lockfile.',
  }),
  LIBRARIES_VENDORED: ({ libraries, bytes, unlicensed, image }) => ({
    message: `${libraries.join(', ')} came from ${image} into lib/ (${formatBytes(bytes)}), since Lambda lacks ${libraries.length === 1 ? 'it' : 'them'}.`,
    hint:
      unlicensed.length > 0
        ? `The image does not say under which licence ${unlicensed.join(', ')} may be given on; add it with "include".`
        : 'Nothing to do; their licences are in lib/licences.',
  }),
  REQUIREMENTS_LOOSE: ({ file, packages }) => ({
    message: `${file} does not pin ${packages.join(', ')}, so another day may install other versions and give other bytes.`,
    hint: 'Lock the dependencies (`uv lock`, `poetry lock`, `pip-compile --generate-hashes`) and commit the lock.',
  }),
  DEPENDENCY_FILE_UNREAD: ({ file, instead }) => ({
    message: `${file} is not read, so nothing is installed by what it says.`,
    hint: `Write what is: ${instead}. The files that are read are uv.lock, poetry.lock, Pipfile.lock, pylock.toml, requirements.txt, pyproject.toml and Pipfile.`,
  }),
  IMPORT_UNRESOLVED: ({ module, importer }) => ({
    message: `${importer} imports ${module}, which is neither in the project nor among its packages, so the function would fail there with "No module named '${module}'".`,
    hint: 'Add its package to the dependencies; or, if a layer has it, list it as "external".',
  }),
  RECORD_ESCAPES: ({ package: name, paths }) => ({
    message: `The RECORD of ${name} names files outside of the folder it was installed into: ${paths.join(', ')}. They were not touched and are not in the artifact.`,
    hint: 'No tool that makes wheels writes that; look at where the package comes from.',
  }),
  CASE_CLASH: ({ package: name, paths }) => ({
    message: `${name} has files whose names differ in case only (${paths.join(', ')}), and this machine's disk keeps one of them, so the artifact lacks the other.`,
    hint: 'Build on a file system that tells upper from lower case, as Linux has it.',
  }),
  FILES_CLASH: ({ packages, paths }) => ({
    message: `${packages.join(' and ')} both install ${paths.join(', ')} with different content; which one stays is chance.`,
    hint: 'Require only one of them; of opencv-python and opencv-python-headless, for example, the one without windows.',
  }),
  NAME_NOT_UTF8: ({ path }) => ({
    message: `The name of ${path} is not UTF-8, which the paths of a zip are for Lambda; the file is left out.`,
    hint: 'Rename it to a name in UTF-8.',
  }),
  CUDA_WHEEL: wordCuda,
  SECRET_FILE: ({ path, what }) => ({
    message: `${path} looks like ${what}; everyone who may download the artifact could read it.`,
    hint: 'Leave it out (of a function with "exclude"), and give the secret through an environment variable or Secrets Manager.',
  }),
  INCLUDE_MATCHED_NOTHING: ({ pattern }) => ({
    message: `The include pattern ${JSON.stringify(pattern)} matched no file, so what it stands for is missing from the artifact.`,
    hint: 'Mend the pattern; it is relative to the function\'s root and uses "/".',
  }),
  EFS_FILES_NOTHING: wordEfsFiles,
  LINK_LEFT_OUT: ({ path, target, reason }) => ({
    message: `The link ${path} → ${target} was left out: ${LINK_REASONS[reason]}.`,
    hint: 'Replace it with the file itself, or leave it out with "exclude".',
  }),
  OWN_CODE_BY_PATH: ({ path, reader, reason }) => ({
    message: `${path} is named by its path in ${reader}, so it cannot be found inside the bundle, ${BY_PATH_REASONS[reason]}.`,
    hint: 'Compile it first and run the JavaScript file; or import it, so that it is bundled. A file named like the handler needs another name, one outside the project has to be copied or installed into it.',
  }),
  DUPLICATE_ENTRY: ({ path }) => ({
    message: `${path} is in the archive more than once; which of them Lambda unpacks is a matter of luck.`,
    hint: 'Make the archive anew, with each path once.',
  }),
  ENTRY_ESCAPES: ({ path }) => ({
    message: `${JSON.stringify(path)} would be unpacked outside the folder that it is meant for.`,
    hint: 'Do not use this archive; make it anew with relative paths, without "..".',
  }),
  DECORATOR_METADATA: ({ path }) => ({
    message: `tsconfig.json asks for "emitDecoratorMetadata", which the bundler does not do, so what reads types at run time (injectors, entities, validators) fails in ${path}.`,
    hint: 'Compile with `tsc` first and build from the JavaScript that it writes.',
  }),
  ENTRY_UNREADABLE: ({ path, reason }) => ({
    message: `${path} cannot be unpacked: ${reason}.`,
    hint: 'Make the archive anew; it was damaged, or written in a way that Lambda does not read.',
  }),
  ENTRY_CLOSED: ({ paths }) => ({
    message: `${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''} may be read by the owner only, and the function runs as another user: it gets "permission denied".`,
    hint: 'Make the archive anew with modes 644, and 755 for folders and programs; a umask of 077 or a library that writes zips brings this about.',
  }),
  TMP_TOO_SMALL: ({ bytes, limit }) => ({
    message: `${formatBytesPair(bytes, limit).join(' of libraries are inflated into a /tmp of ')}, ${
      bytes > limit
        ? 'which does not hold them, so the function cannot start'
        : 'which leaves the function little'
    }.`,
    hint: 'Give the function a larger /tmp ("tmpMiB" or --tmp, and EphemeralStorage of the function), or compress fewer libraries with "native": { "compress": { "minBytes": … } }.',
  }),
  COMPRESSED_BROKEN: ({ path, reason }) => ({
    message: `The compressed libraries of ${path} cannot be inflated, so the function cannot start: ${reason}.`,
    hint: 'Build the artifact anew; what lies in .lambda-slim/ belongs together.',
  }),
  INFLATE_UNSUPPORTED: ({ runtime, format }) => ({
    message: `Libraries travel compressed with ${format}, which ${runtime} cannot inflate, so the function cannot start.`,
    hint: 'Build the artifact for the runtime that it is to run on.',
  }),
  NATIVE_PATTERN_MATCHED_NOTHING: ({ setting, pattern }) => ({
    message: `The pattern ${JSON.stringify(pattern)} of "${setting}" matched no path, so it does nothing.`,
    hint: 'Mend it; it is matched against paths in the artifact. Find them with `lambda-slim plan --files`.',
  }),
  COMPRESS_NOTHING: ({ minBytes }) => ({
    message: `No library was compressed: none that could be has ${formatBytes(minBytes)} or more.`,
    hint: 'Drop --compress-libraries, or choose smaller ones with "native": { "compress": { "minBytes": … } }.',
  }),
  INFLATE_NOT_MEASURED: ({ reason }) => ({
    message: `The compressed libraries could not be inflated here, so neither the time it takes nor that it works was seen: ${reason.replace(/\.?$/, '.')}`,
    hint: 'Try the artifact with `lambda-slim invoke`, on Linux with the runtime at hand and enough room in the temporary folder.',
  }),
  COMPRESS_SKIPPED: ({ paths, reason }) => ({
    message: `${describePaths(paths)} travels uncompressed: ${reason}.`,
    hint: 'Nothing is broken, the artifact is only larger. A library that only a name calls can be asked for with "native": { "compress": { "only": […] } }.',
  }),
  LINK_BROKEN: ({ path, target, reason }) => ({
    message: `The link ${path} → ${target} cannot be followed on Lambda: ${LINK_REASONS[reason]}.`,
    hint: 'Make the archive anew with the file itself, or without the link.',
  }),
  STRIP_KEPT: ({ paths, reason }) => ({
    message: `${describePaths(paths)} kept every byte, symbols included: ${reason}.`,
    hint: 'Nothing is broken, the artifact is only larger. To leave a file alone without this word, name it in "native": { "stripExcept": […] }.',
  }),
  COMPILE_CACHE_LEFT_OUT: ({ reason }) => ({
    message: `The compile cache was left out, so the function starts as it would without one. ${reason.replace(/\.?$/, '.')}`,
    hint: 'Build on Linux with the CPU of the function, and with a handler that can be imported there; or drop --compile-cache.',
  }),
  SOURCE_BROKEN: wordBroken,
  IMPORT_COMPUTED: wordComputed,
  AWS_SERVICES_UNDECLARED: wordUndeclared,
  AWS_SERVICE_UNKNOWN: wordUnknownService,
  RUNTIME_PROVIDES: wordProvided,
  BYTECODE_LEFT_OUT: wordBytecodeLeftOut,
  ZIP64_FLAVOUR: ({ entries }) => ({
    message: `${formatPlural(entries, 'entry', 'entries')} of the zip ask for ZIP64 (made by version 4.5); Lambda refuses such zips now and then.`,
    hint: 'Make the zip with `lambda-slim build`, or with a tool that writes plain version 2.0 entries.',
  }),
};

const LINK_REASONS: Readonly<Record<FindingOf<'LINK_LEFT_OUT'>['reason'], string>> = {
  outside: 'it points outside the artifact',
  cycle: 'it leads back to itself',
  broken: 'what it points to does not exist',
};

const BY_PATH_REASONS: Readonly<Record<FindingOf<'OWN_CODE_BY_PATH'>['reason'], string>> = {
  uncompiled: 'and it went into the artifact as it is, which Node.js may refuse to run',
  twice:
    'and it lies beside it as a second copy, so that what one copy keeps in variables the other does not see',
  outside: 'and it was left out, since it lies outside the folder of the project',
  'beside-handler': 'and it was left out, since Lambda would load it in place of the bundled handler',
};

/** Every code there can be; the table above does not compile unless it is complete. */
export const FINDING_CODES = Object.keys(WORDINGS) as readonly FindingCode[];

/** Puts a finding into words. */
export function wordFinding(finding: Finding): Wording {
  const word = WORDINGS[finding.code] as (finding: Finding) => Wording;
  return word(finding);
}

/** The first of many, and how many more. */
function describePaths([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${formatPlural(others.length, 'other file')}`;
}

function describeOver(what: string, bytes: number, limit: number): string {
  const [size, most] = formatBytesPair(bytes, limit);
  const over = bytes > limit ? `${formatBytes(bytes - limit)} over` : 'right at';
  return `${what} size is ${size}, ${over} the limit of ${most}`;
}

function describeBlocks(blockCreate: string | null, blockUpdate: string | null): string {
  const create = blockCreate ? `; new functions are refused from ${blockCreate}` : '';
  return `${create}${blockUpdate ? `${create ? ',' : ';'} updates from ${blockUpdate}` : ''}`;
}
