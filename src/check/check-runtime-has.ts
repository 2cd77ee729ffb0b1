import type { CheckFinding } from '../findings-check.ts';
import { RUNTIME_PACKAGES } from '../platform/runtime-packages.ts';
import type { Runtime } from '../types.ts';
import type { Owned } from './owners.ts';

/** The SDK for JavaScript v3, which Lambda's Node.js runtimes have since nodejs18.x, with what its packages are made of. */
const NODE_SDK = /^@(?:aws-sdk|smithy)\//;
const MAX_SHOWN = 6;

/** Finds packages that the runtime brings as well. */
export function checkRuntimeHas(packages: readonly Owned[], runtime: Runtime): readonly CheckFinding[] {
  const found = packages.filter(({ ecosystem, name }) =>
    runtime.language === 'nodejs'
      ? ecosystem === 'npm' && NODE_SDK.test(name)
      : ecosystem === 'pypi' && RUNTIME_PACKAGES.includes(name),
  );
  // Others bring these for themselves; without the SDK the runtime's copies are nobody's matter.
  const hasSdk = found.some(({ name }) => /^(?:@aws-sdk\/|botocore$|boto3$)/.test(name));
  if (!hasSdk) return [];
  const named = [...found].sort((a, b) => b.bytes - a.bytes).map(toWords);
  const shown = named.slice(0, MAX_SHOWN);
  return [
    {
      code: 'RUNTIME_HAS',
      level: 'info',
      runtime: runtime.id,
      packages: named.length > shown.length ? [...shown, `${named.length - shown.length} more`] : shown,
      bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  ];
}

function toWords({ name, version }: Owned): string {
  return version === null ? name : `${name} ${version}`;
}
