import { z } from 'zod';
import { parseGrowth, parseSize } from './parse-size.ts';

const UNITS = 'with one of B, kB, MB, GB (thousands) or KiB, MiB, GiB (1024s)';
const SIZE = `expected a size such as "60 MB" (60,000,000 bytes) or "60 MiB" (62,914,560 bytes), ${UNITS}`;
const GROWTH = `expected a share such as "5 %" or a size such as "2 MB", ${UNITS}`;
const TIME = 'expected a number of ms above 0';

function text(isValid: (value: string) => boolean, expected: string) {
  return z.custom<string>(value => typeof value === 'string' && isValid(value), {
    error: ({ input }) => `${expected}, found ${JSON.stringify(input)}`,
  });
}

const size = text(value => parseSize(value) !== null, SIZE);

/** The section `budget`. */
export const budgetShape = {
  unzipped: size.optional(),
  zipped: size.optional(),
  growth: text(value => parseGrowth(value) !== null, GROWTH).optional(),
  initMs: z.number(TIME).gt(0, TIME).optional(),
};
