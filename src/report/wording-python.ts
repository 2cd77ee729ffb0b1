import type { Finding } from '../findings.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

type Of<Code extends Finding['code']> = Extract<Finding, { readonly code: Code }>;

/** Own code that Python refuses. */
export function wordBroken({ path, line, reason }: Of<'SOURCE_BROKEN'>): Wording {
  return {
    message: `${path}${line === null ? '' : `:${line}`} is no Python that the runtime reads: ${reason}. The function fails when it imports the file, and what that imports is not in the artifact.`,
    hint: 'Mend the file; or choose the runtime whose Python it is written for.',
  };
}

/** Imports that cannot be followed. */
export function wordComputed({ importers }: Of<'IMPORT_COMPUTED'>): Wording {
  const [first, ...others] = importers;
  const several = others.length === 0 ? '' : ` and ${formatPlural(others.length, 'more file')}`;
  return {
    message: `${first}${several} imports modules by names that are made at run time, so which of your own modules are meant is not known. Only those that other imports reach are in the artifact.`,
    hint: 'Name the others in "include" (`plugins/**`); files of packages all stay.',
  };
}

/** Services whose data nobody needs. */
export function wordUndeclared({ services, bytes }: Of<'AWS_SERVICES_UNDECLARED'>): Wording {
  const named = services.join(', ') || 'none';
  return {
    message: `botocore brings the data of every service of AWS, and your code names ${named} only. The others take ${formatBytes(bytes)}.`,
    hint: `If that is all it calls, say so: "python": { "awsServices": ${JSON.stringify(services)} }.`,
  };
}

/** A service that boto3 does not have. */
export function wordUnknownService({ service, nearest }: Of<'AWS_SERVICE_UNKNOWN'>): Wording {
  return {
    message: `boto3 has no service ${JSON.stringify(service)}, which "awsServices" names, so the data of the one that is meant may be missing.`,
    hint: nearest ? `Did you mean ${nearest}?` : 'Write the names as in boto3.client("dynamodb").',
  };
}

/** Packages that are left to the runtime. */
export function wordProvided({ packages, pinned }: Of<'RUNTIME_PROVIDES'>): Wording {
  const wrong = pinned.length === 0 ? '' : ` The project pins ${pinned.join(', ')}, which it will not get.`;
  return {
    message: `${packages.join(', ')} stay out of the artifact, since the runtime brings them, in a version that AWS changes without notice.${wrong}`,
    hint: 'Leave "runtimeProvides" out if the function needs a certain version. To run it here, give these packages with `--runtime-packages <folder>`, made by `pip install --target`.',
  };
}
