import { Refusal, type Reply } from '../types.ts';

/** All of some bytes, or the part that a `Range` header asks for. */
export function sliceRange(
  bytes: Buffer,
  range: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '')
    return { status: 200, headers, body: bytes };
  const from = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
  if (from >= bytes.length || (first === '' && Number(last) === 0))
    throw new Refusal(416, 'InvalidRange', 'The requested range is not satisfiable', {
      ActualObjectSize: String(bytes.length),
    });
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${from}-${to}/${bytes.length}` },
    body: bytes.subarray(from, to + 1),
  };
}
