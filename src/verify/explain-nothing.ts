import { posix } from 'node:path';
import type { VerifyFinding } from '../findings.ts';
import type { Runtime } from '../types.ts';
import type { Suspect } from './find-guilty.ts';
import type { Probe } from './probe.ts';

/** What to say when putting everything back did not mend the function: it is not the files, it is how the code was built. */
export function explainNothing(
  probes: readonly Probe[],
  suspects: readonly Suspect[],
  language: Runtime['language'],
): VerifyFinding {
  const several = suspects.length === 1 ? 'the one file' : `all ${suspects.length} files`;
  const done =
    suspects.length === 0
      ? 'no file was taken out or changed'
      : `putting back ${several} that were taken out or changed did not mend it`;
  const packages = findNamedPackages(probes, suspects);
  return {
    code: 'VERIFY_UNEXPLAINED',
    level: 'error',
    reason: `${nameProbes(probes)}: ${done}`,
    hint:
      packages.length > 0
        ? `Code that was bundled may look for a file of its own package. Leave it outside the bundle with "external": ${JSON.stringify(packages)}.`
        : HINTS[language],
  };
}

const VARIABLES = 'and look whether the variables of the function are set ("environment", --env)';

/** What else a build changes, which putting files back does not undo. */
const HINTS: Readonly<Record<Runtime['language'], string>> = {
  nodejs: `Bundling moves code: leave packages outside the bundle with "external", or all of them with "bundle": false. Also try it without "compileCache" and "native.compress", ${VARIABLES}.`,
  python: `Look whether code reads a file that neither its imports nor its text name, and add it with "include". Also try it with "bytecode": "none" and without "native.compress", ${VARIABLES}.`,
};

/** What to say of a function that failed, and did not when it was run again as it is. */
export function explainUnsteady(probes: readonly Probe[]): VerifyFinding {
  return {
    code: 'VERIFY_UNEXPLAINED',
    level: 'error',
    reason: `${nameProbes(probes)}: run again, the slim function did as the original does`,
    hint: 'It fails now and then: look at its log with `lambda-slim invoke`, at --memory and --timeout, and at what it asks of the network; then verify again.',
  };
}

/** What to say of a function that did as the original does once all of it lay in one folder. */
export function explainParted(probes: readonly Probe[]): VerifyFinding {
  return {
    code: 'VERIFY_UNEXPLAINED',
    level: 'error',
    reason: `${nameProbes(probes)}: with all of it in one folder, the slim function did as the original does`,
    hint: 'Code looks beside the handler for what lies on the file system, or the other way round. Name such files with a variable ("publish.efs.environment", {root} is the folder of the release), or change which of your own files go along ("publish.efs.files").',
  };
}

function nameProbes(probes: readonly Probe[]): string {
  const names = probes.map(({ name }) => name);
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
}

/** Packages whose bundled-in files have the name of one that an error complains of. */
function findNamedPackages(probes: readonly Probe[], suspects: readonly Suspect[]): readonly string[] {
  const names = new Set(
    probes.flatMap(({ complaint }) =>
      [...(complaint ?? '').matchAll(/[\w@./-]*\.\w+/g)].map(([path]) => posix.basename(path)),
    ),
  );
  const found = suspects
    .filter(({ path, rule }) => rule.id === 'collect/bundled' && names.has(posix.basename(path)))
    .flatMap(({ path }) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const unique = [...new Set(found)];
  // A name that half of the packages have, such as package.json, points at none.
  return unique.length <= 3 ? unique : [];
}
