import type { Finding } from '../../findings.ts';
import { compareCodeUnits } from '../../util/path.ts';
import type { ReadContent } from '../natives/contents.ts';
import { findSecrets } from './find-secrets.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Own files that are text, by the last part of their names; those without one are read as well. Of others only small ones are. */
const OWN_TEXT =
  /(?:^|\/)[^/.]*$|(?:^|\/)\.[^/]*$|\.(?:[cm]?[jt]sx?|py|rb|php|java|go|cs|sh|bash|json\d?|jsonc|ya?ml|toml|ini|cfg|conf|config|env|properties|xml|txt|md|rst|html?|pem|key|crt|cer|p8|asc|tf|tfvars|sql|csv|log|map|bak|old|orig|template)$/i;

/** Of packages only what is made for settings and keys is read: their code has none of the user's secrets. */
const PACKAGE_TEXT =
  /(?:^|\/)\.(?:npmrc|pypirc|netrc|env[^/]*)$|(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|credentials)$|\.(?:json|ya?ml|toml|ini|cfg|conf|env|properties|pem|key|p8)$/i;

const NOT_READ =
  /(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[^/]*\.json|npm-shrinkwrap\.json|direct_url\.json)$/;

/** Where packages keep what is there for trying them out. */
const TRIAL =
  /(?:^|\/)(?:tests?|testing|testdata|__tests__|spec|fixtures?|examples?|samples?|demo|docs?|benchmarks?)\//i;

const MAX_OWN_BYTES = 8 * MIB;
const MAX_SMALL_BYTES = 64 * KIB;

/** So much is read of all files together; the smallest first, since secrets lie in small ones. */
const MAX_ALL_BYTES = 64 * MIB;

/** Looks for private keys and tokens in what is text. `isOfPackage` tells files of packages from own ones; sizes are bytes. */
export function checkSecretContents(
  sizes: ReadonlyMap<string, number>,
  isOfPackage: (path: string) => boolean,
  read: ReadContent,
): readonly Finding[] {
  const findings: Finding[] = [];
  let left = MAX_ALL_BYTES;
  for (const { path, bytes, level, most } of listTexts(sizes, isOfPackage)) {
    left -= bytes;
    if (left < 0) break;
    const content = read(path, most);
    if (content === null || content.subarray(0, 8 * KIB).includes(0)) continue;
    for (const found of findSecrets(content.toString('latin1'), path))
      findings.push({ code: 'SECRET_CONTENT', level, path, ...found });
  }
  return findings;
}

interface Text {
  readonly path: string;
  readonly bytes: number;
  readonly most: number;
  readonly level: 'error' | 'warning' | 'info';
}

function listTexts(
  sizes: ReadonlyMap<string, number>,
  isOfPackage: (path: string) => boolean,
): readonly Text[] {
  const texts = [...sizes].flatMap(([path, bytes]): Text[] => {
    if (NOT_READ.test(path)) return [];
    const isForeign = isOfPackage(path);
    if (isForeign && !PACKAGE_TEXT.test(path)) return [];
    const most = !isForeign && OWN_TEXT.test(path) ? MAX_OWN_BYTES : MAX_SMALL_BYTES;
    if (bytes > most) return [];
    const isTrial = TRIAL.test(path);
    const level = isForeign ? (isTrial ? 'info' : 'warning') : isTrial ? 'warning' : 'error';
    return [{ path, bytes, most, level }];
  });
  return texts.sort((a, b) => a.bytes - b.bytes || compareCodeUnits(a.path, b.path));
}
