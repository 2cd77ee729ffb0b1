import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Credentials, PLACES, type Secret } from '../build-types.ts';
import { listAddressSecrets } from './addresses.ts';
import { NO_CREDENTIALS } from './credentials.ts';
import { joinConfigs } from './join-configs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Of pip and uv: indexes and how they are reached. What names a folder of this machine means nothing in a container. */
const KEPT =
  /^(?:PIP_(?:INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|NO_INDEX|PROXY|TIMEOUT|DEFAULT_TIMEOUT|RETRIES|NO_BINARY|ONLY_BINARY|PREFER_BINARY|NO_BUILD_ISOLATION|DISABLE_PIP_VERSION_CHECK)|UV_(?:INDEX|DEFAULT_INDEX|INDEX_URL|EXTRA_INDEX_URL|INDEX_STRATEGY|INSECURE_HOST|HTTP_TIMEOUT|INDEX_[A-Z0-9_]+_(?:USERNAME|PASSWORD)))$/;

/** Settings of a pip.conf that are about this machine's disk. */
const LOCAL_SETTING =
  /^\s*(?:cache-dir|log|cert|client-cert|find-links|target|prefix|root|user|src|python|constraint|build-constraint)\s*[=:].*$/gim;

const IN_NETRC = /\bpassword\s+(\S+)/g;

/** What pip and uv need to get at private indexes: pip.conf, netrc, certificates, and their variables. */
export async function findPipCredentials(env: Env): Promise<Credentials> {
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const config = await readConfig(env, home);
  const netrc = await read(env.NETRC ?? join(home, '.netrc'));
  const authority = env.PIP_CERT ?? env.SSL_CERT_FILE ?? env.REQUESTS_CA_BUNDLE ?? certOf(config);
  const certificates = authority === undefined ? null : await read(authority);
  const variables = Object.entries(env).flatMap(([name, value]) =>
    KEPT.test(name) && value ? [[name, value]] : [],
  );
  const kept: Readonly<Record<string, string>> = Object.fromEntries(variables);
  const texts = [config, ...Object.values(kept)].join('\n');
  const passwords = Object.entries(kept).flatMap(([name, value]) => (/_PASSWORD$/.test(name) ? [value] : []));
  return {
    secrets: listSecrets(config, netrc, certificates),
    env: { ...kept, ...pointers(netrc !== null, certificates !== null) },
    masked: [
      ...listAddressSecrets(texts),
      ...[...(netrc ?? '').matchAll(IN_NETRC)].map(([, password = '']) => password),
      ...passwords,
    ],
    // What runs without credentials installs nothing.
    open: NO_CREDENTIALS.open,
  };
}

function listSecrets(config: string, netrc: string | null, certificates: string | null): readonly Secret[] {
  return [
    { name: 'pip.conf', content: config.replace(LOCAL_SETTING, '') },
    ...(netrc === null ? [] : [{ name: 'netrc', content: netrc }]),
    ...(certificates === null ? [] : [{ name: 'pip-ca.pem', content: certificates }]),
  ];
}

function pointers(hasNetrc: boolean, hasCertificates: boolean): Readonly<Record<string, string>> {
  const at = (name: string): string => `${PLACES.secrets}/${name}`;
  return {
    PIP_CONFIG_FILE: at('pip.conf'),
    ...(hasNetrc ? { NETRC: at('netrc') } : {}),
    ...(hasCertificates ? { PIP_CERT: at('pip-ca.pem'), SSL_CERT_FILE: at('pip-ca.pem') } : {}),
  };
}

/** All files that pip would read, in its order; later ones win there, too. */
async function readConfig(env: Env, home: string): Promise<string> {
  const own = env.PIP_CONFIG_FILE;
  // pip reads nothing at all where the variable names the null device.
  if (own === '/dev/null' || own?.toLowerCase() === 'nul') return '';
  const files = [
    '/etc/pip.conf',
    join(home, '.pip/pip.conf'),
    join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'pip/pip.conf'),
    join(home, 'Library/Application Support/pip/pip.conf'),
    ...(env.APPDATA ? [join(env.APPDATA, 'pip/pip.ini')] : []),
    ...(env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, 'pip.conf')] : []),
    ...(own ? [own] : []),
  ];
  const texts = await Promise.all(files.map(read));
  return joinConfigs(texts.filter(text => text !== null));
}

function certOf(config: string): string | undefined {
  return /^cert\s*[=:]\s*(\S+)/m.exec(config)?.[1];
}

/** Null, as with pip itself, also where we may not read it. */
function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
