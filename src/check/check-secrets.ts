import type { Finding } from '../findings.ts';

/** Names of files that hold secrets by custom, with what they hold. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/^\.env(?:\..+)?$/, 'environment variables'],
  [/^\.npmrc$|^\.yarnrc\.yml$/, 'registry credentials'],
  [/^\.netrc$|^_netrc$/, 'host credentials'],
  [/^id_(?:rsa|dsa|ecdsa|ed25519)$/, 'a private key'],
  [/\.(?:key|p12|pfx)$|(?:key|private)[^/]*\.pem$/i, 'a private key'],
  [/^(?:credentials|config)$/, 'AWS credentials'],
];

/** Samples that are meant to be read. */
const HARMLESS = /^\.env(?:\..+)?\.(?:example|sample|template|dist)$/;

/** Finds files of the artifact whose names say that they hold secrets. Packages' own test keys count as well: they travel too. */
export function checkSecrets(paths: readonly string[]): readonly Finding[] {
  return paths.flatMap((path): Finding[] => {
    const what = whatSecret(path);
    return what === null ? [] : [{ code: 'SECRET_FILE', level: 'warning', path, what }];
  });
}

function whatSecret(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (HARMLESS.test(name)) return null;
  const found = SECRETS.find(([pattern]) => pattern.test(name));
  if (!found) return null;
  if (found[1] === 'AWS credentials' && !/(?:^|\/)\.aws\/[^/]+$/.test(path)) return null;
  return found[1];
}
