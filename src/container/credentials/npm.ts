import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Credentials, PLACES, type Secret } from '../build-types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `_authToken=…` and its kin, with or without a registry before it. */
const SECRET_LINE = /(?:^|:)(?:_authToken|_auth|_password|key|cert)\s*=\s*["']?([^"'\n]+)/gim;
const SECRET_YAML = /^\s*(?:npmAuthToken|npmAuthIdent)\s*:\s*["']?([^"'\n]+)/gm;

/** Variables that such files refer to: `${NPM_TOKEN}`, with a default behind `-` or a `?`. */
const VARIABLE = /\$\{([A-Za-z_]\w*)(?:[:?-][^}]*)?\}/g;

/** What only makes sense on this machine, or says where to install. */
const LOCAL_SETTING =
  /^\s*(?:cache|prefix|globalconfig|userconfig|tmp|store-dir|script-shell|shell)\s*=.*$/gim;

/**
 * What npm, pnpm and yarn need to get at private registries: the user's settings and those of `folders` (outer ones first) in one
 * `npmrc`, the last `.yarnrc.yml`, certificates that they name, and the variables that all of these refer to.
 */
export async function findNpmCredentials(folders: readonly string[], env: Env): Promise<Credentials> {
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  const user = env.npm_config_userconfig ?? env.NPM_CONFIG_USERCONFIG ?? join(home, '.npmrc');
  const files = [user, ...folders.map(folder => join(folder, '.npmrc'))];
  const found = (await Promise.all(files.map(read))).filter(text => text !== null);
  const yarn = (await Promise.all([home, ...folders].map(folder => read(join(folder, '.yarnrc.yml')))))
    .filter(text => text !== null)
    .at(-1);
  const npmrc = found.map(text => text.replace(LOCAL_SETTING, '')).join('\n');
  const all = `${npmrc}\n${yarn ?? ''}`;
  const secrets: Secret[] = [
    { name: 'npmrc', content: `${npmrc}\n` },
    ...(yarn === undefined ? [] : [{ name: 'yarnrc.yml', content: yarn }]),
  ];
  const authority = env.NODE_EXTRA_CA_CERTS ?? /^\s*cafile\s*=\s*["']?([^"'\n]+)/m.exec(npmrc)?.[1]?.trim();
  const certificates = authority === undefined ? null : await read(authority);
  if (certificates !== null) secrets.push({ name: 'ca.pem', content: certificates });
  const settings = listSettings(env);
  const referred = listReferred(all, env);
  return {
    secrets,
    env: {
      npm_config_userconfig: `${PLACES.secrets}/npmrc`,
      ...settings,
      ...referred,
      ...(certificates === null
        ? {}
        : { NODE_EXTRA_CA_CERTS: `${PLACES.secrets}/ca.pem`, npm_config_cafile: `${PLACES.secrets}/ca.pem` }),
    },
    masked: [
      ...listMatches(all, SECRET_LINE),
      ...listMatches(all, SECRET_YAML),
      ...Object.values(referred),
      ...Object.entries(settings).flatMap(([name, value]) => (/registry$/i.test(name) ? [] : [value])),
    ],
  };
}

/** Null also where we may not read it. */
function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

/** Settings that npm takes from variables: the registry, and credentials for it. */
const SETTING = /^npm_config_(?:registry$|@[^:]+:registry$|_auth|\/\/)/i;

/** Of this machine alone; the container has its own. */
const OWN = /^(?:HOME|PATH|PWD|USER|USERPROFILE|TMPDIR|XDG_\w+)$/;

function listSettings(env: Env): Readonly<Record<string, string>> {
  const pairs = Object.entries(env).flatMap(([name, value]) =>
    SETTING.test(name) && value ? [[name, value]] : [],
  );
  return Object.fromEntries(pairs);
}

/** Variables that the files name, and those by which tokens usually come. */
function listReferred(text: string, env: Env): Readonly<Record<string, string>> {
  const names = new Set(['NPM_TOKEN', 'NODE_AUTH_TOKEN', ...listMatches(text, VARIABLE)]);
  const pairs = [...names].flatMap(name => (env[name] && !OWN.test(name) ? [[name, env[name]]] : []));
  return Object.fromEntries(pairs);
}

function listMatches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([, value]) => (value?.trim() ? [value.trim()] : []));
}
