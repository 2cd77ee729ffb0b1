import { z } from 'zod';
import { printable } from '../printable.ts';
import type { PageStarts } from './page-types.ts';

const ms = z.number().nonnegative();
const schema = z.object({
  series: z.array(
    z.object({
      subject: z.object({ name: z.string() }),
      cache: z.enum(['warm', 'cold']).nullable(),
      starts: z.array(z.object({ initMs: ms.nullable(), firstMs: ms, warmMs: z.array(ms) })),
    }),
  ),
});

const WHERE = { warm: ' (from the page cache)', cold: ' (from disk)' } as const;

/** Reads the document that `bench --json` prints; null where the text is no such document. */
export function parseBench(text: string): readonly PageStarts[] | null {
  try {
    const { series } = schema.parse(JSON.parse(text));
    return series.map(({ subject, cache, starts }) => ({
      name: `${printable(subject.name)}${cache === null ? '' : WHERE[cache]}`,
      init: starts.flatMap(({ initMs }) => (initMs === null ? [] : [initMs])),
      first: starts.map(({ firstMs }) => firstMs),
      warm: starts.flatMap(({ warmMs }) => warmMs),
    }));
  } catch {
    return null;
  }
}
