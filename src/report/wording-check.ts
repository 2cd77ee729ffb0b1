import type { CheckFinding, Copies, LeftoverKind } from '../findings-check.ts';
import { formatBytes, formatBytesPair, formatCount, formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

type Of<C extends CheckFinding['code']> = Extract<CheckFinding, { readonly code: C }>;

const REMOVE: Readonly<Record<LeftoverKind, string>> = {
  'version control': 'Leave .git out of the artifact; who can download the code reads all of the history.',
  'caches of tools': 'Leave them out of the artifact with the ignore patterns of what packs it.',
  'source maps':
    'Leave maps out, or make them without the sources, unless errors are to be mapped in Lambda.',
  'debug symbols': 'Leave them out; Linux never reads .pdb and .dSYM.',
  tests: 'Leave them out, or let `lambda-slim build` do so: its presets know which are safe to remove.',
  'files of editors and systems': 'Leave them out of the artifact with the ignore patterns of what packs it.',
};

const WHY: Readonly<Record<Of<'CODE_NOT_CHECKED'>['reason'], string>> = {
  image: 'it is a container image',
  inline: 'it stands in the template itself',
  elsewhere: 'it lies outside of the folder',
  missing: 'it is not where the template says',
};

/** What is to be said of what only `check` finds. */
export const CHECK_WORDINGS: { readonly [C in CheckFinding['code']]: (finding: Of<C>) => Wording } = {
  LIMIT_ENVIRONMENT: ({ bytes, limit }) => ({
    message: `The environment variables are ${formatCount(bytes)} bytes as JSON, and Lambda takes ${formatCount(limit)}.`,
    hint: 'Move long values into Parameter Store, Secrets Manager, or a file of the function.',
  }),
  LIMIT_TMP: ({ size, least, most }) => ({
    message: `/tmp is to be ${size} MiB, and Lambda gives ${least} to ${most}.`,
    hint: 'Set EphemeralStorage within these bounds; what is larger belongs on EFS.',
  }),
  LIMIT_ACCOUNT: wordAccount,
  LAYER_UNKNOWN: ({ layers }) => ({
    message: `The files of ${formatPlural(layers.length, 'layer')} are not here (${layers.join(', ')}), so their bytes are not counted and their libraries not seen.`,
    hint: 'Download them and name them with --layer, or check the deployed function with --function-name.',
  }),
  CODE_NOT_CHECKED: ({ function: name, reason, path }) => ({
    message: `The code of ${name} was not checked: ${WHY[reason]}${path === '' ? '' : ` (${path})`}.`,
    hint:
      reason === 'missing' || reason === 'elsewhere'
        ? 'Build or package the project again, then check what that wrote.'
        : 'Nothing to do here; `check` judges zips and folders.',
  }),
  HANDLER_MISSING: ({ handler, expected, elsewhere }) => ({
    message: `The handler ${handler} has no file: ${expected.join(', ')} ${expected.length > 1 ? 'are' : 'is'} not there.`,
    hint: elsewhere
      ? `${elsewhere} looks like it. Pack what is in its folder and not the folder itself, or mend the handler.`
      : 'Mend the handler, or put its file where it says.',
  }),
  HANDLER_NOT_EXPORTED: ({ handler, path, name }) => ({
    message: `${path} does not export ${name}, which the handler ${handler} names.`,
    hint: 'Export a function of this name, or mend the handler.',
  }),
  ARTIFACT_EMPTY: ({ path }) => ({
    message: `${path} has no files; Lambda refuses an empty zip.`,
    hint: 'Look at what packs it: its patterns or its folder match nothing.',
  }),
  CASE_COLLISION: ({ paths, count }) => ({
    message: `${formatPlural(count, 'path')} ${count === 1 ? 'differs' : 'differ'} from another one in case only (${list(paths, count)}); Lambda keeps both, macOS and Windows one of them.`,
    hint: 'Do not unpack and zip the artifact again on such a system.',
  }),
  SECRET_CONTENT: ({ path, line, what, masked, count }) => ({
    message: `${path}:${line} holds ${what} (${masked}…)${count > 1 ? `, and ${count - 1} more of the kind` : ''}; who can download the code can read it.`,
    hint: 'Revoke it, take it out of the artifact, and let the function read it from Secrets Manager or its role.',
  }),
  DEV_LEFTOVERS: ({ what, paths, count, bytes, withSources }) => ({
    message: `${formatBytes(bytes)} in ${formatPlural(count, 'file')} are ${what}${withSources > 0 ? `, ${withSources} with the sources` : ''} (${list(paths, count)}).`,
    hint: REMOVE[what],
  }),
  RUNTIME_HAS: ({ runtime, packages, bytes }) => ({
    message: `${runtime} has packages that are in the artifact as well, with ${formatBytes(bytes)}: ${packages.join(', ')}.`,
    hint: 'Leave them out for a smaller artifact; keep them where the version matters, since that of the runtime changes.',
  }),
  PACKAGE_COPIES: ({ copies, count, bytes }) => ({
    message: `${formatPlural(count, 'package')} are there more than once, which costs ${formatBytes(bytes)}: ${listCopies(copies, count)}.`,
    hint: 'Bring them to one version: `npm dedupe`, overrides or resolutions; or take them out of the function where a layer has them.',
  }),
  FILE_COPIES: ({ copies, count, bytes }) => ({
    message: `${formatPlural(count, 'file')} are there more than once byte for byte, which costs ${formatBytes(bytes)} unzipped: ${listCopies(copies, count)}.`,
    hint: 'Keep one of each; `lambda-slim build` turns equal libraries into links (--dedupe).',
  }),
  NESTED_ARCHIVE: ({ paths, count, bytes, isAll }) => ({
    message: isAll
      ? `There is nothing in it but ${formatPlural(count, 'archive')} (${list(paths, count)}), which Lambda does not unpack.`
      : `${formatPlural(count, 'archive')} with ${formatBytes(bytes)} are in it (${list(paths, count)}); Lambda does not unpack them, nor were they looked into.`,
    hint: isAll
      ? 'Deploy the archive itself; this one was zipped twice.'
      : 'Nothing, where the function reads them as they are; else leave them out.',
  }),
};

function wordAccount({ what, bytes, limit }: Of<'LIMIT_ACCOUNT'>): Wording {
  const [size, most] = formatBytesPair(bytes, limit);
  if (what === 'storage') {
    return {
      message: `The code takes ${size}, and the account has ${most} of code storage left in this region.`,
      hint: 'Delete old versions of functions and layers, or keep code in S3 by reference.',
    };
  }
  return {
    message: `The ${what} size is ${size}, and this account allows ${most}.`,
    hint: 'Make it smaller; or ask AWS which limits the account has.',
  };
}

function list(paths: readonly string[], count: number): string {
  return `${paths.join(', ')}${count > paths.length ? `, and ${count - paths.length} more` : ''}`;
}

function listCopies(copies: readonly Copies[], count: number): string {
  const words = copies.map(({ name, versions, copies: times, bytes }) => {
    const versioned = versions.length > 0 ? ` ${versions.join(' and ')}` : '';
    return `${name}${versioned} ${times} times (${formatBytes(bytes)})`;
  });
  return list(words, count);
}
