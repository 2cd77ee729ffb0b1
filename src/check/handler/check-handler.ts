import type { Finding } from '../../findings.ts';
import type { Runtime } from '../../types.ts';
import type { Inspected } from '../natives/inspected.ts';
import { type HandlerPlace, placeNodeHandler, placePythonHandler } from './find-handler-file.ts';
import { hasNodeExport, hasPythonName } from './has-export.ts';

/** A larger file is not looked into, bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What a handler of a custom runtime is started by. */
const BOOTSTRAP = 'bootstrap';

/**
 * Whether the file of the handler is there and exports it, by a look at its text. `parts` are the function and its layers;
 * `runtimeId` may be one that is not known beyond its name, of which only custom ones are judged.
 */
export function checkHandler(
  handler: string | null,
  runtime: Runtime | null,
  runtimeId: string | null,
  parts: readonly Inspected[],
): readonly Finding[] {
  if (runtimeId?.startsWith('provided')) return checkBootstrap(parts);
  if (handler === null || runtime === null) return [];
  const paths = parts.map(({ sizes }) => sizes);
  const isNode = runtime.language === 'nodejs';
  const place = isNode
    ? placeNodeHandler(handler, paths)
    : placePythonHandler(handler, paths, runtime.version);
  if (place.isOpaque) return [];
  if (place.file === null) return [toMissing(handler, place, parts)];
  const { part, path } = place.file;
  const read = parts[part]?.withContents(open => open(path, MAX_BYTES));
  const text = read?.[0]?.toString('utf8');
  if (text === undefined) return [];
  const isThere = isNode ? hasNodeExport(text, place.name) : hasPythonName(text, place.name);
  if (isThere !== false) return [];
  const told = part === 0 ? path : `/opt/${path}`;
  return [{ code: 'HANDLER_NOT_EXPORTED', level: 'error', handler, path: told, name: place.name }];
}

function toMissing(handler: string, { expected }: HandlerPlace, parts: readonly Inspected[]): Finding {
  const tails = expected.map(path => `/${path}`);
  const all = [...(parts[0]?.sizes.keys() ?? [])];
  const alike = all.filter(
    path => tails.some(tail => path.endsWith(tail)) && !/node_modules|site-packages/.test(path),
  );
  const elsewhere = alike.sort((a, b) => a.length - b.length)[0] ?? null;
  return { code: 'HANDLER_MISSING', level: 'error', handler, expected, elsewhere };
}

function checkBootstrap(parts: readonly Inspected[]): readonly Finding[] {
  const part = parts.find(({ sizes }) => sizes.has(BOOTSTRAP));
  if (!part) {
    const missing = { handler: BOOTSTRAP, expected: [BOOTSTRAP], elsewhere: null };
    return [{ code: 'HANDLER_MISSING', level: 'error', ...missing }];
  }
  // Of an ELF file the linkage gate says it.
  const isTold = part.natives.files.some(({ path }) => path === BOOTSTRAP);
  if (isTold || ((part.modes.get(BOOTSTRAP) ?? 0) & 0o111) !== 0) return [];
  const lost = {
    package: 'the function',
    paths: [BOOTSTRAP],
    count: 1,
    bytes: part.sizes.get(BOOTSTRAP) ?? 0,
  };
  return [{ code: 'EXEC_BIT_LOST', level: 'error', ...lost }];
}
