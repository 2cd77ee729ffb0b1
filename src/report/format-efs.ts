import type { BuildResult, EfsOff, EfsReport } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatTable } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const OFF: Readonly<Record<EfsOff, string>> = {
  'compress-libraries': 'libraries are not compressed one by one: they lie unpacked on the file system',
  fallback: 'missed files are not fetched at run time: what is left out of both parts is nowhere',
};

/** What lies beside the zip, how its function finds it, and what to do next. */
export function formatEfs({ efs }: BuildResult, { colors }: Style): readonly string[] {
  if (!efs) return [];
  return [
    '',
    colors.bold(efs.bundle ? 'Bundle for the file system' : 'For the file system'),
    ...formatTable(toRows(efs), [false, false]),
    ...efs.off.map(what => `  ${OFF[what]}`),
    ...formatNext(efs),
  ];
}

function toRows(efs: EfsReport): readonly (readonly string[])[] {
  const { files, bytes, store, environment, bundle } = efs;
  const size = `${formatBytes(bytes)} in ${formatPlural(files, 'file')}`;
  const variables = [['LAMBDA_SLIM_ROOT', '{root}'], ...Object.entries(environment)];
  const shown = variables.map(([name, value = '']) => [name ?? '', printable(inStore(value, store, bundle))]);
  if (!bundle) return [['size', size], ...listOwn(efs), ...shown];
  const sent = `${formatBytes(bundle.compressedBytes)} in ${formatPlural(bundle.chunks, 'chunk')}`;
  return [
    ['path', printable(bundle.path)],
    ['release', bundle.release],
    ['size', `${size}; compressed ${sent}`],
    ...listOwn(efs),
    ...shown,
  ];
}

/** Own folders and files that are shown. */
const MOST_OWN = 5;

/** They are no longer beside the handler, where code may look for them. */
function listOwn({ own }: EfsReport): readonly (readonly string[])[] {
  const named = own.slice(0, MOST_OWN).map(({ path, files, bytes }) => {
    const count = path.endsWith('/') ? ` in ${formatPlural(files, 'file')}` : '';
    return `${printable(path)} (${formatBytes(bytes)}${count})`;
  });
  const more = own.length > MOST_OWN ? [`${own.length - MOST_OWN} more`] : [];
  return own.length === 0 ? [] : [['own files', [...named, ...more].join(', ')]];
}

/** As the variables are where the release is pinned. */
function inStore(value: string, store: string, bundle: EfsReport['bundle']): string {
  const root = bundle ? `${store}/releases/${bundle.release}` : `${store}/current`;
  return value.replaceAll('{root}', root);
}

function formatNext({ store, bundle }: EfsReport): readonly string[] {
  if (!bundle) return [];
  return [
    '  next: lambda-slim publish --target efs',
    `  or, where the file system is mounted: lambda-slim sync ${quote(bundle.path)} --to ${quote(store)}`,
  ];
}

function quote(path: string): string {
  return /^[\w./@%+:,-]+$/.test(path) ? path : `'${printable(path).replaceAll("'", "'\\''")}'`;
}
