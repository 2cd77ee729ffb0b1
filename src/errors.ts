/** What a person reads: what is wrong and why it matters, and what to do next. */
interface Message {
  readonly message: string;
  readonly hint: string;
}

/** Every reason for which lambda-slim cannot go on; one function of typed facts a code. */
const MESSAGES = {
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
    message: `${path} changed or went away while the artifact was being built.`,
    hint: 'Build again when nothing else writes to the project.',
  }),
  OUTPUT_UNWRITABLE: (path: string, reason: string) => ({
    message: `Cannot write ${path}: ${reason}.`,
    hint: 'Choose another folder with --out, or mend its permissions or free space.',
  }),
  LOCKFILE_DISAGREES: (manager: string, output: string) => ({
    message: `The lockfile and package.json disagree, so ${manager} refuses to install.\n${output}`,
    hint: 'Update the lockfile with your package manager, commit it, and build again.',
  }),
  INSTALL_FAILED: (manager: string, output: string) => ({
    message: `${manager} could not install the dependencies for the target platform.\n${output}`,
    hint: 'See its message above. A package with no binary for the target, or one that must run its install script (--allow-scripts), is the usual cause.',
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
  CANCELLED: () => ({ message: 'Cancelled.', hint: 'Nothing was left behind; run it again to complete it.' }),
} satisfies Record<string, (...facts: never[]) => Message>;

export type ErrorCode = keyof typeof MESSAGES;

/** The one error of the house: a code, its facts in words, and the cause. Exit code 2. */
export class SlimError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'SlimError';
  readonly code: C;
  readonly hint: string;

  constructor(code: C, facts: Parameters<(typeof MESSAGES)[C]>, options?: { cause?: unknown }) {
    const describe = MESSAGES[code] as (...facts: readonly unknown[]) => Message;
    const { message, hint } = describe(...facts);
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** All codes, for the test that asks for a line in the docs for each. */
export const ERROR_CODES = Object.keys(MESSAGES) as readonly ErrorCode[];
