import type { Finding } from '../findings.ts';
import type { Platform } from '../types.ts';
import { checkFileCopies, checkPackageCopies, foldersOfCopies } from './check-copies.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkNames } from './check-names.ts';
import { checkNested } from './check-nested.ts';
import { checkRuntimeHas } from './check-runtime-has.ts';
import { checkSecrets } from './check-secrets.ts';
import type { Inspected } from './natives/inspected.ts';
import { findOwners, type Owned } from './owners.ts';
import { checkSecretContents } from './secrets/check-secret-contents.ts';
import { settleSecretFiles } from './secrets/settle-secret-files.ts';

/** What is judged by names and contents of files that are not native: of each part by itself, and of all together. */
export function checkContents(parts: readonly Inspected[], platform: Platform | null): readonly Finding[] {
  const looked = parts.map((part, index) => lookInto(part, index === 0 ? '' : '/opt/'));
  const packages = looked.flatMap(each => each.packages);
  return [
    ...looked.flatMap(({ findings }) => findings),
    ...(platform ? checkRuntimeHas(packages, platform.runtime) : []),
    ...checkPackageCopies(packages),
    ...checkFileCopies(parts, foldersOfCopies(packages)),
  ];
}

interface Looked {
  readonly packages: readonly Owned[];
  readonly findings: readonly Finding[];
}

/** `prefix` is what paths of the part are told with. */
function lookInto({ sizes, withContents }: Inspected, prefix: string): Looked {
  const [looked, broken] = withContents((read): Looked => {
    const { packages, isOfPackage } = findOwners(sizes, read);
    const secrets = checkSecretContents(sizes, isOfPackage, read);
    const told = new Set(secrets.flatMap(finding => ('path' in finding ? [finding.path] : [])));
    const named = checkSecrets([...sizes.keys()]);
    const findings = [
      ...checkNames(sizes.keys()),
      ...checkNested(sizes),
      ...settleSecretFiles(named, told, isOfPackage, read),
      ...secrets,
      ...checkLeftovers(sizes, isOfPackage, read),
    ];
    return { packages, findings };
  });
  return {
    packages: looked.packages.map(each => ({ ...each, dir: `${prefix}${each.dir}` })),
    findings: [...looked.findings, ...broken].map(finding => underPrefix(finding, prefix)),
  };
}

function underPrefix(finding: Finding, prefix: string): Finding {
  if (prefix === '') return finding;
  switch (finding.code) {
    case 'SECRET_FILE':
    case 'SECRET_CONTENT':
    case 'ENTRY_UNREADABLE':
      return { ...finding, path: `${prefix}${finding.path}` };
    case 'NESTED_ARCHIVE':
    case 'DEV_LEFTOVERS':
    case 'CASE_COLLISION':
      return { ...finding, paths: finding.paths.map(path => `${prefix}${path}`) };
    default:
      return finding;
  }
}
