import { cutAddresses } from './credentials/addresses.ts';
import type { ContainerOptions } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Variables = Readonly<Record<string, string>>;

/** Behind a proxy nothing can be installed without them. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap(name => [
  name,
  name.toLowerCase(),
]);

/** Names of variables that hold what nobody should see. */
const SECRET =
  /token|secret|password|passwd|credential|auth|(?:^|_)(?:key|pass|pat)(?:_|$)|(?:api|access|private)_?key/i;

/** The variables of this machine that programs in a container see: those that the config names, and proxies. */
export function chooseVariables(env: Env, names: readonly string[]): Variables {
  const chosen = [...PROXIES, ...names].map(name => [name, env[name]]);
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined && value !== ''));
}

/** The same for code of packages: proxies without user and password, except those that the config names. */
export function openVariables(
  variables: Variables,
  { environment }: Pick<ContainerOptions, 'environment'>,
): Variables {
  const pairs = Object.entries(variables).map(([name, value]) => [
    name,
    environment.includes(name) ? value : cutAddresses(value),
  ]);
  return Object.fromEntries(pairs);
}

/** The values of those that look like secrets by their names. */
export function listSecretValues(variables: Variables): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => (SECRET.test(name) ? [value] : []));
}
