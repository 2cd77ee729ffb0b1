type Env = Readonly<Record<string, string | undefined>>;

/** Settings of pip that say where to install, or which files count: both are decided here. */
const DECIDED = [
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_ROOT',
  'PIP_PLATFORM',
  'PIP_PYTHON_VERSION',
  'PIP_IMPLEMENTATION',
  'PIP_ABI',
  'PIP_NO_BINARY',
  'PIP_ONLY_BINARY',
  'PIP_REQUIREMENT',
  'PIP_QUIET',
  'PIP_VERBOSE',
  'PIP_LOG',
  'PIP_DRY_RUN',
];

/** 1980-01-01, so that what is built has no date of its own. */
const EPOCH = '315532800';

/**
 * The user's environment for running pip: indexes and credentials stay, what would turn the installation elsewhere goes. `tmp` takes
 * what pip leaves lying about when it is stopped.
 */
export function pipEnv(env: Env, tmp?: string): Env {
  const kept = Object.entries(env).filter(([name]) => !DECIDED.includes(name));
  return {
    ...Object.fromEntries(kept),
    PIP_USER: '0',
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_ROOT_USER_ACTION: 'ignore',
    PIP_NO_COLOR: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTHONDONTWRITEBYTECODE: '1',
    SOURCE_DATE_EPOCH: EPOCH,
    ...inFolder(tmp),
  };
}

/** Likewise for uv. */
export function uvEnv(env: Env, tmp?: string): Env {
  const kept = Object.entries(env).filter(
    ([name]) => !/^UV_(?:NO_BINARY|NO_BUILD|TARGET|PREFIX|PYTHON$|SYSTEM_PYTHON)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    UV_NO_PROGRESS: '1',
    NO_COLOR: '1',
    SOURCE_DATE_EPOCH: EPOCH,
    ...inFolder(tmp),
  };
}

/** Where programs put what is temporary, on any system. */
function inFolder(tmp: string | undefined): Env {
  return tmp === undefined ? {} : { TMPDIR: tmp, TEMP: tmp, TMP: tmp };
}

/** Where packages come from, which of their versions and files are taken, and how what has no wheel is built. */
const DECISIVE = [
  'INDEX|FIND_LINKS|CONSTRAINT|OVERRIDE|PRE(?:RELEASE)?$|EXCLUDE_NEWER|UPLOADED_PRIOR|CONFIG|ISOLAT|NO_DEPS',
  'NO_BINARY|ONLY_BINARY|PREFER_BINARY|NO_BUILD|REQUIRE_HASHES|REQUIRES_PYTHON|RESOLUTION|NO_SOURCES|USE_|TORCH_BACKEND',
].join('|');

/** The variables of pip and uv that decide what is installed, with their values, for telling one installation from another. */
export function decisiveVariables(env: Env): readonly string[] {
  const pattern = new RegExp(`^(?:PIP|UV)_(?:.*_)?(?:${DECISIVE})`);
  const names = Object.keys(env).filter(name => pattern.test(name));
  return names.sort().map(name => `${name}=${env[name]}`);
}
