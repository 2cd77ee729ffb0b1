import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Credentials, PLACES, type Secret, type ToolSettings } from '../build-types.ts';
import { listAddressSecrets } from './addresses.ts';
import { openNpmrc } from './open-npmrc.ts';
import { scopeRegistries, scopeRegistry } from './scope-registries.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `_authToken=…` and its kin, with or without a registry before it. */
const SECRET_LINE = /(?:^|:)(?:_authToken|_auth|_password|key|cert)\s*=\s*["']?([^"'\n]+)/gim;
const SECRET_YAML = /^\s*(?:npmAuthToken|npmAuthIdent)\s*:\s*["']?([^"'\n]+)/gm;

/** Variables that such files refer to: `${NPM_TOKEN}`, with a default behind `-` or a `?`. */
const VARIABLE = /\$\{([A-Za-z_]\w*)(?:[:?-][^}]*)?\}/g;

/** What only makes sense on this machine, or says where to install: files, folders and programs. */
const LOCAL_SETTING =
  /^\s*(?:cache|cache-dir|prefix|globalconfig|userconfig|tmp|(?:store|state|logs|global|global-bin)-dir|script-shell|shell|nodedir|devdir|node[-_]gyp|python|msvs[-_]version|git|editor|viewer|browser)\s*=.*$/gim;

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
  const given = found.map(text => text.replace(LOCAL_SETTING, '')).join('\n');
  const { settings, registries, auths } = listSettings(env);
  const npmrc = [scopeRegistries(given, env), ...auths].join('\n');
  const all = `${npmrc}\n${yarn ?? ''}`;
  const certificates = await readAuthority(npmrc, env);
  const referred = listReferred(`${given}\n${all}`, env);
  const masked = [
    ...listMatches(all, SECRET_LINE),
    ...listMatches(all, SECRET_YAML),
    ...listAddressSecrets([given, all, ...listPairs(env).map(([, value]) => value)].join('\n')),
    ...Object.values(referred),
    ...Object.values(settings),
  ];
  return {
    ...makeSettings(npmrc, yarn ?? null, certificates, { ...settings, ...registries, ...referred }),
    masked,
    open: makeSettings(openNpmrc(npmrc, masked), null, certificates, registries),
  };
}

function makeSettings(
  npmrc: string,
  yarn: string | null,
  certificates: string | null,
  env: ToolSettings['env'],
): ToolSettings {
  const pem = `${PLACES.secrets}/ca.pem`;
  const secrets: readonly Secret[] = [
    { name: 'npmrc', content: `${npmrc}\n` },
    ...(yarn === null ? [] : [{ name: 'yarnrc.yml', content: yarn }]),
    ...(certificates === null ? [] : [{ name: 'ca.pem', content: certificates }]),
  ];
  const trust = certificates === null ? {} : { NODE_EXTRA_CA_CERTS: pem, npm_config_cafile: pem };
  return { secrets, env: { npm_config_userconfig: `${PLACES.secrets}/npmrc`, ...env, ...trust } };
}

function readAuthority(npmrc: string, env: Env): Promise<string | null> {
  const named = /^\s*cafile\s*=\s*["']?([^"'\n]+)/m.exec(npmrc)?.[1]?.trim();
  const file = env.NODE_EXTRA_CA_CERTS ?? named;
  return file === undefined ? Promise.resolve(null) : read(file);
}

/** Null also where we may not read it. */
function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

/** Settings that npm takes from variables: the registry, and credentials for it. */
const SETTING = /^npm_config_(?:registry$|@[^:]+:registry$|_auth|\/\/)/i;

const REGISTRY = /registry$/i;

/** Of this machine alone; the container has its own. */
const OWN = /^(?:HOME|PATH|PWD|USER|USERPROFILE|TMPDIR|XDG_\w+)$/;

interface Settings {
  readonly settings: Readonly<Record<string, string>>;
  /** Without what is secret in them. */
  readonly registries: Readonly<Record<string, string>>;
  /** That, as lines of an `npmrc`. */
  readonly auths: readonly string[];
}

function listSettings(env: Env): Settings {
  const all = listPairs(env);
  const registries = all
    .filter(([name]) => REGISTRY.test(name))
    .map(([name, value]) => ({ name, value, scoped: scopeRegistry(value) }));
  return {
    settings: Object.fromEntries(all.filter(([name]) => !REGISTRY.test(name))),
    registries: Object.fromEntries(
      registries.map(({ name, value, scoped }) => [name, scoped?.address ?? value]),
    ),
    auths: registries.flatMap(({ scoped }) => scoped?.setting ?? []),
  };
}

function listPairs(env: Env): readonly (readonly [name: string, value: string])[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SETTING.test(name) && value ? [[name, value] as const] : [],
  );
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
