import type { Finding } from '../../findings.ts';
import type { ReadContent } from '../natives/contents.ts';

const MAX_BYTES = 64 * 1024;

type SecretFile = Extract<Finding, { readonly code: 'SECRET_FILE' }>;

/**
 * Of files whose names say that they hold secrets, leaves out those whose content says that they do not, or that were told
 * already; packages' own are of level info. `told` are paths.
 */
export function settleSecretFiles(
  findings: readonly Finding[],
  told: ReadonlySet<string>,
  isOfPackage: (path: string) => boolean,
  read: ReadContent,
): readonly Finding[] {
  return findings.flatMap((finding): Finding[] => {
    if (finding.code !== 'SECRET_FILE') return [finding];
    if (told.has(finding.path) || isHarmless(finding, read)) return [];
    return isOfPackage(finding.path) ? [{ ...finding, level: 'info' }] : [finding];
  });
}

function isHarmless({ path, what }: SecretFile, read: ReadContent): boolean {
  const text = read(path, MAX_BYTES)?.toString('latin1');
  if (text === undefined) return false;
  if (what === 'registry credentials') return !/_auth|_password|authToken|npmAuth/i.test(text);
  if (what === 'environment variables') return !/^\s*(?:export\s+)?\w+\s*=\s*[^\s#]/m.test(text);
  if (what === 'a private key')
    return /-----BEGIN (?:CERTIFICATE|PUBLIC KEY)/.test(text) && !text.includes('PRIVATE');
  return false;
}
