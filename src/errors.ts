import { AWS_MESSAGES } from './errors-aws.ts';
import { CONTAINER_MESSAGES } from './errors-container.ts';
import { EFS_MESSAGES } from './errors-efs.ts';
import { LOCAL_MESSAGES } from './errors-local.ts';
import { PUBLISH_MESSAGES } from './errors-publish.ts';
import { PYTHON_MESSAGES } from './errors-python.ts';
import { REPORT_MESSAGES } from './errors-report.ts';
import { SAGEMAKER_MESSAGES } from './errors-sagemaker.ts';

/** What a person reads: what is wrong and why it matters, and what to do next. */
interface Message {
  readonly message: string;
  readonly hint: string;
  /** Lines to paste into a shell, which stand behind the message and are shown as they are. */
  readonly script?: string;
}

/** What the errors of reading mean that a wrong path brings about. */
const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'nothing is there',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it, or what it lies in, is no folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

/** What an artifact is for: `python3.12` and `x64`. */
interface Target {
  readonly runtime: string;
  readonly arch: string;
}

/** Every reason for which lambda-slim cannot go on; one function of typed facts a code. */
const MESSAGES = {
  ...LOCAL_MESSAGES,
  ...CONTAINER_MESSAGES,
  ...AWS_MESSAGES,
  ...PUBLISH_MESSAGES,
  ...PYTHON_MESSAGES,
  ...SAGEMAKER_MESSAGES,
  ...EFS_MESSAGES,
  ...REPORT_MESSAGES,
  ARTIFACT_PATH: (path: string, reason: string) => ({
    message: `The path ${JSON.stringify(path)} cannot be in an artifact: ${reason}.`,
    hint: 'Rename the file, or leave it out with "exclude".',
  }),
  COMMAND_FAILED: (command: string, exitCode: number | string, output: string) => ({
    message: `\`${command}\` failed (${exitCode}).\n${output}`,
    hint: 'Run the command by hand to see the whole of it.',
  }),
  TOOL_MISSING: (tool: string, purpose: string) => ({
    message: `${tool} was not found; it is needed to ${purpose}.`,
    hint: `Install ${tool}, or put it on the PATH.`,
  }),
  FILE_CHANGED: (path: string) => ({
    message: `${path} changed or went away while it was being read.`,
    hint: 'Try again when nothing else writes to it.',
  }),
  OUTPUT_UNWRITABLE: (path: string, reason: string) => ({
    message: `Cannot write ${path}: ${reason}.`,
    hint: 'Choose another place for it (of a build: --out), or mend its permissions or free space.',
  }),
  LOCKFILE_DISAGREES: (manager: string, output: string) => ({
    message: `The lockfile and package.json disagree, so ${manager} refuses to install.\n${output}`,
    hint: 'Update the lockfile with your package manager, commit it, and build again.',
  }),
  INSTALL_FAILED: (manager: string, output: string) => ({
    message: `${manager} could not install the dependencies for the target platform.\n${output}`,
    hint: 'See its message above. A registry that cannot be reached, a package with no binary for the target, or one that must run its install script (--allow-scripts) are the usual causes.',
  }),
  DEPENDENCY_MISSING: (name: string, importer: string) => ({
    message: `${name} was not found, although ${importer} needs it; the function would fail with "Cannot find module".`,
    hint: `Add it to the dependencies in package.json and install; or, if the runtime provides it, list it as "external".`,
  }),
  BUNDLE_FAILED: (report: string) => ({
    message: `The handler could not be bundled.\n${report}`,
    hint: 'Mend the code at the place shown, and build again.',
  }),
  HANDLER_EXPORT_MISSING: (name: string, entry: string, exports: readonly string[]) => ({
    message: `${entry} does not export ${JSON.stringify(name)}, so Lambda would answer Runtime.HandlerNotFound. It exports ${exports.join(', ') || 'nothing'}.`,
    hint: 'Export a function of that name, or name another export with "handler" in the config.',
  }),
  EXTERNAL_CONFLICT: (name: string, importer: string) => ({
    message: `${name} stays outside the bundle, but ${importer} needs another copy of it than the one the bundle would find.`,
    hint: 'Install one version of it for both, or set "bundle" to false.',
  }),
  FILE_UNREADABLE: (path: string, reason: string) => ({
    message: `Cannot read ${path} (${reason}), which belongs into the artifact.`,
    hint: 'Mend its permissions, or leave it out with "exclude".',
  }),
  CACHE_UNWRITABLE: (path: string, reason: string) => ({
    message: `Cannot keep files for the next run in ${path}: ${reason}.`,
    hint: 'Mend the permissions or free space of that folder, or build with --no-cache.',
  }),
  DUPLICATE_PATH: (path: string) => ({
    message: `Two entries have the path ${JSON.stringify(path)}; which of them a reader sees is not defined.`,
    hint: 'Leave one of the two out with "exclude".',
  }),
  ZIP_TOO_LARGE: (what: string, limit: string) => ({
    message: `${what}: a zip that Lambda reads holds at most ${limit}, since it has no ZIP64 records.`,
    hint: 'Leave files out with "exclude"; a Lambda function may have 250 MiB unzipped.',
  }),
  COMPRESSOR_FAILED: (reason: string) => ({
    message: `The compressor failed: ${reason}.`,
    hint: 'Run it again; if it fails in the same way, report it together with the file it was given.',
  }),
  NOT_A_ZIP: (path: string, reason: string) => ({
    message: `${path} cannot be read as a zip: ${reason}.`,
    hint: 'Give the path of a zip file that is complete.',
  }),
  ZIP_UNSAFE: (path: string, entry: string, reason: string) => ({
    message: `${path} was not unpacked: its entry ${JSON.stringify(entry)} ${reason}.`,
    hint: 'Make the zip anew; do not deploy this one.',
  }),
  ZIP_BOMB: (path: string, reason: string) => ({
    message: `${path} was not unpacked: ${reason}.`,
    hint: 'A Lambda function may have 250 MiB unzipped; look at the zip with `unzip -v` before you trust it.',
  }),
  MANIFEST_INVALID: (path: string, reason: string) => ({
    message: `The manifest ${path} does not say how to run the zip beside it: ${reason}.`,
    hint: 'Build the function again; or remove the manifest and give --handler and --runtime.',
  }),
  ARCH_CANNOT_RUN: (arch: string, host: string) => ({
    message: `The artifact is for ${arch}, and this machine is ${host}, which cannot run it.`,
    hint: `Build it with --arch ${host} to try it here, or run it on a machine of its kind.`,
  }),
  COMPILE_CACHE_UNSUPPORTED: (runtime: string) => ({
    message: `${runtime} cannot use a compile cache: only Node.js 22 and later read one from disk.`,
    hint: 'Choose nodejs22.x or later with --runtime, or build without --compile-cache.',
  }),
  UNKNOWN_RUNTIME: (id: string, known: readonly string[], nearest: string | null) => ({
    message: `${JSON.stringify(id)} is not a Lambda runtime that this version knows.${nearest ? ` Did you mean ${nearest}?` : ''}`,
    hint: `Choose one of ${known.join(', ')}.`,
  }),
  USAGE: (reason: string, command: string, nearest: string | null) => ({
    message: `${reason}.${nearest ? ` Did you mean ${nearest}?` : ''}`,
    hint: `Run \`${command} --help\` for the options and examples.`,
  }),
  CONFIG_MISSING: (path: string) => ({
    message: `There is no config file at ${path}.`,
    hint: 'Mend the path given with --config, or write a config with `lambda-slim init`.',
  }),
  CONFIG_AMBIGUOUS: (folder: string, names: readonly string[]) => ({
    message: `${folder} has more than one config: ${names.join(' and ')}. It would be a guess which one counts.`,
    hint: 'Keep one of them, or choose with --config <file>.',
  }),
  CONFIG_UNREADABLE: (path: string, reason: string) => ({
    message: `The config ${path} cannot be read: ${reason}.`,
    hint: 'Mend the file at the place shown. It has to hold one object: JSON, or a module with `export default`.',
  }),
  CONFIG_INVALID: (path: string, problems: readonly string[]) => ({
    message: `The config ${path} is not valid, and nothing is built from a guess:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
    hint: 'Every key is described in docs/config.md.',
  }),
  NO_FUNCTION: (folder: string) => ({
    message: `No function to work on: ${folder} has no lambda-slim config that names one, and no entry was given.`,
    hint: 'Name the file (`lambda-slim build src/handler.ts`, then `lambda-slim verify src/handler.ts`), write a config with `lambda-slim init`, or try the bundled one: `lambda-slim build --function resnet`.',
  }),
  UNKNOWN_FUNCTION: (name: string, known: readonly string[], nearest: string | null) => ({
    message: `There is no function ${JSON.stringify(name)}. The functions are: ${known.join(', ') || 'none'}.`,
    hint: nearest
      ? `Did you mean ${nearest}?`
      : 'Choose one of them, or add it under "functions" in the config.',
  }),
  HANDLER_NOT_FOUND: (path: string, near: readonly string[]) => ({
    message: `The entry ${path} does not exist, so there is no handler to build.`,
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Name the file that exports the handler.',
  }),
  ENTRY_OUTSIDE_ROOT: (entry: string, root: string) => ({
    message: `The entry ${entry} lies outside its root ${root}, so its dependencies would be looked for in the wrong place.`,
    hint: 'Set "root" to the folder whose package.json belongs to the entry.',
  }),
  RUNTIME_UNSUPPORTED: (what: string) => ({
    message: `${what} is a runtime whose Node.js this version does not know how to get.`,
    hint: 'Choose a newer runtime with "runtime" or --runtime.',
  }),
  CONFIG_EXISTS: (path: string) => ({
    message: `${path} is already there, and init never overwrites what somebody wrote.`,
    hint: 'Edit it; --force replaces a config of the same name.',
  }),
  NOTHING_FOUND: (folder: string) => ({
    message: `No handler was found in ${folder}: neither one of the usual files (src/handler.ts, index.mjs, …) nor one that serverless.yml, template.yaml or a CDK app names.`,
    hint: 'Change into the folder of the function; or build without a config: `lambda-slim build path/to/handler.ts`.',
  }),
  INPUT_UNREADABLE: (path: string, reason: string) => ({
    message: `Cannot read ${path}: ${READ_ERRORS[reason] ?? reason}.`,
    hint: 'Check the path; it is relative to the current folder.',
  }),
  NOT_BUILT: (path: string) => ({
    message: `No artifact was named, and there is none at ${path} either, where build would write it.`,
    hint: 'Build it first: `lambda-slim build`, with the entry (`lambda-slim build src/handler.ts`) where no config names it; or name a zip or folder.',
  }),
  BUILT_FOR_OTHER: (path: string, built: Target, wanted: Target) => ({
    message: `${path} was built for ${built.runtime} on ${built.arch}, and ${wanted.runtime} on ${wanted.arch} is what is wanted.`,
    hint: 'Build it again; or verify the artifact itself: name the zip, and the original with --original.',
  }),
  PATH_UNKNOWN: (path: string, nearest: readonly string[]) => ({
    message: `${path} is neither in the artifact nor among what was removed.`,
    hint:
      nearest.length > 0
        ? `Did you mean ${nearest.join(' or ')}?`
        : 'See all paths with `lambda-slim plan --files`. A file of your own that no import reaches goes in by "include".',
  }),
  PATH_AMBIGUOUS: (path: string, matches: readonly string[]) => ({
    message: `${path} fits more than one path:\n${matches.map(match => `  ${match}`).join('\n')}`,
    hint: 'Give more of the path.',
  }),
  PRESET_INVALID: (file: string, problems: readonly string[]) => ({
    message: `The preset ${file} is not valid, and no rule of it can be trusted:\n${problems.map(problem => `  - ${problem}`).join('\n')}`,
    hint: 'The format is described in docs/preset.md; `lambda-slim preset check` tests a preset.',
  }),
  PRESET_UNREADABLE: (file: string, reason: string) => ({
    message: `Cannot read the preset ${file}: ${reason}.`,
    hint: 'Mend its path under "presets" or after --preset.',
  }),
  LISTING_INVALID: (file: string, line: number) => ({
    message: `${file} is not a listing of a package: expected "<bytes> <path>" in line ${line}.`,
    hint: 'Make it with `lambda-slim preset record <package folder>`.',
  }),
  CANCELLED: () => ({ message: 'Cancelled.', hint: 'Nothing was left behind; run it again to complete it.' }),
} satisfies Record<string, (...facts: never[]) => Message>;

export type ErrorCode = keyof typeof MESSAGES;

/** The one error of the house: a code, its facts in words, and the cause. Exit code 2. */
export class SlimError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SlimError';
  readonly code: C;
  readonly hint: string;
  /** The end of the message that is to be pasted into a shell, so that no line of it may be broken; else null. */
  readonly script: string | null;

  constructor(code: C, facts: Parameters<(typeof MESSAGES)[C]>, options?: { cause?: unknown }) {
    const describe = MESSAGES[code] as (...facts: readonly unknown[]) => Message;
    const { message, hint, script } = describe(...facts);
    super(script === undefined ? message : `${message}\n${script}`, options);
    this.code = code;
    this.hint = hint;
    this.script = script ?? null;
  }
}

/** All codes, for the test that asks for a line in the docs for each. */
export const ERROR_CODES = Object.keys(MESSAGES) as readonly ErrorCode[];
