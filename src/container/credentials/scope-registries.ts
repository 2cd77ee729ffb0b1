import { decode } from './addresses.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `registry=…`, `@scope:registry=…`. */
const REGISTRY = /^(\s*(?:@[^:=\s]+:)?registry\s*=\s*)["']?([^\s"']+)["']?\s*$/gim;

/**
 * Takes names, passwords and tokens out of the addresses of registries in an `npmrc` into settings of their own
 * (`//registry/:_auth=…`), since managers write addresses down beside what they install.
 */
export function scopeRegistries(npmrc: string, env: Env): string {
  return npmrc.replace(REGISTRY, (line: string, start: string, address: string) => {
    const scoped = scopeRegistry(fillIn(address, env));
    return scoped === null ? line : `${start}${scoped.address}\n${scoped.setting}`;
  });
}

/** The same for one address; null where there is nothing secret in it. */
export function scopeRegistry(
  address: string,
): { readonly address: string; readonly setting: string } | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const { username, password, host, pathname } = url;
  if (username === '' && password === '') return null;
  url.username = '';
  url.password = '';
  const auth = Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64');
  const place = `//${host}${pathname.replace(/\/?$/, '/')}`;
  return { address: url.href, setting: `${place}:_auth=${auth}` };
}

/** As npm does; what is not set stays as it is. */
function fillIn(text: string, env: Env): string {
  return text.replace(/\$\{([A-Za-z_]\w*)\??\}/g, (all, name: string) => env[name] ?? all);
}
