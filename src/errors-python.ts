/** The messages of `errors.ts` that are about the dependencies of Python functions. */
export const PYTHON_MESSAGES = {
  RUNTIME_MISMATCH: (entry: string, runtime: string) => ({
    message: `${entry} cannot run on ${runtime}, which is a runtime for another language.`,
    hint: 'Choose a runtime of its language with "runtime" or --runtime, or leave it to the default.',
  }),
  PYTHON_INSTALLER_MISSING: () => ({
    message:
      'Nothing on this machine can install Python packages: there is neither uv nor a Python 3 with pip on the PATH.',
    hint: "Install uv, or any Python 3 with pip; its version need not be the runtime's.",
  }),
  DEPENDENCY_FILE_INVALID: (path: string, reason: string) => ({
    message: `${path} cannot be read as a list of dependencies: ${reason}.`,
    hint: 'Mend the file at the place shown; or write it anew with the tool that made it.',
  }),
  LOCK_OUTDATED: (lock: string, manifest: string, names: readonly string[]) => ({
    message: `${lock} does not have what ${manifest} asks for: ${names.join(', ')}. Nothing is installed from a lock that is out of date.`,
    hint: 'Update the lock with its tool (`uv lock`, `poetry lock`, `pipenv lock`), commit it, and build again.',
  }),
  PYTHON_REFUSED: (path: string, wanted: string, runtime: string) => ({
    message: `${path} asks for Python ${wanted}, and the runtime is ${runtime}.`,
    hint: 'Choose another runtime with "runtime" or --runtime, or widen what the file asks for and lock anew.',
  }),
  REQUIREMENT_MISSING: (requirement: string, output: string) => ({
    message: `No index has ${requirement}.\n${output}`,
    hint: 'Check the name and the version. A private index has to be named in the requirements file, or in the settings of pip or uv.',
  }),
  WHEEL_MISSING: (requirement: string, target: string, tags: readonly string[]) => ({
    message: `${requirement} has no wheel for ${target}${tags.length > 0 ? `; there are wheels for ${tags.join(', ')}` : ' and no source that could be built into one'}.`,
    hint: 'Choose a version that has one, or another runtime or CPU. What has to be compiled needs the image of the runtime: build with --container.',
  }),
  SOURCE_NOT_PURE: (requirement: string, target: string, reason: string) => ({
    message: `${requirement} has no wheel for ${target}, and its source cannot be built into one that runs everywhere: ${reason}`,
    hint: 'What has to be compiled needs the image of the runtime: build with --container. Or choose a version that has a wheel for it.',
  }),
  HASH_MISMATCH: (output: string) => ({
    message: `What the index gave is not what the hashes stand for, so it was not installed.\n${output}`,
    hint: 'When the file was published anew, lock again; when not, somebody may have tampered with it.',
  }),
  HASHES_INCOMPLETE: (output: string) => ({
    message: `Some requirements have hashes and others do not, so nothing is installed: what has none could be anything.\n${output}`,
    hint: 'Pin every requirement with == and give its hashes, also what others need in turn: `pip-compile --generate-hashes` or `uv export` writes them all.',
  }),
  REQUIREMENTS_CONFLICT: (output: string) => ({
    message: `The requirements contradict one another, so no set of versions fits them all.\n${output}`,
    hint: 'Loosen one of the pins named above.',
  }),
  WHEEL_BROKEN: (output: string) => ({
    message: `A package cannot be unpacked; it is damaged.\n${output}`,
    hint: 'Clear the cache of pip or uv (`pip cache purge`, `uv cache clean`) and build again; if it stays, the file in the index is broken.',
  }),
  NOT_A_PACKAGE: (path: string, reason: string) => ({
    message: `${path} is to be installed, and it is no Python package: ${reason}.`,
    hint: 'Mend its path; a package has a pyproject.toml or a setup.py in its folder.',
  }),
  VERSION_FROM_GIT: (source: string, output: string) => ({
    message: `${source} takes its version from Git, and packages are built from a copy without it.\n${output}`,
    hint: 'Say the version: `SETUPTOOLS_SCM_PRETEND_VERSION=1.2.3 lambda-slim build …`, or the variable named above. Or write it into its pyproject.toml.',
  }),
  BYTECODE_NEEDS_PYTHON: (version: string, mode: string) => ({
    message: `--bytecode ${mode} was asked for, and only a released CPython ${version} can make bytecode for the runtime; none was found on this machine.`,
    hint: `Install it, for example with \`uv python install ${version}\` or \`pyenv install ${version}\`; or build without the option.`,
  }),
  PYTHON_INSTALL_FAILED: (tool: string, output: string) => ({
    message: `${tool} could not install the dependencies for the target.\n${output}`,
    hint: 'See its message above. An index that cannot be reached is the usual cause.',
  }),
} as const;
