import { z } from 'zod';
import { SlimError } from '../errors.ts';
import type { Outcome } from '../lambda/types.ts';
import { formatValue, isList, isObject, type Value } from './parse-value.ts';
import { parseBytes } from './read-answer.ts';
import type { Volatile } from './volatile.ts';

/** Raised when a field of `<event>.answer.json` changes its meaning or goes. */
const ANSWER_SCHEMA = 1;

const body = z.union([
  z.strictObject({ json: z.unknown() }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ base64: z.base64() }),
]);
const failure = z.strictObject({ errorType: z.string(), errorMessage: z.string() });
const outcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), contentType: z.string(), body }),
  z.strictObject({ kind: z.literal('stream'), contentType: z.string(), body, error: failure.nullable() }),
  z.strictObject({ kind: z.literal('error'), error: failure }),
]);
const schema = z.strictObject({
  schema: z.literal(ANSWER_SCHEMA),
  cold: outcome,
  /** Null where it is the same as the cold one. */
  warm: outcome.nullable(),
  /** Kinds of what was seen at the places where the function differs from itself. */
  volatile: z.record(z.string(), z.array(z.string())),
});

type RawOutcome = z.infer<typeof outcome>;
type RawBody = z.infer<typeof body>;

/** What the original answers to an event; `warm` is null where it was not run again. */
export interface Expected {
  readonly cold: Outcome;
  readonly warm: Outcome | null;
  readonly volatile: Volatile;
}

/** The text of `<event>.answer.json`. */
export function formatRecorded({ cold, warm, volatile }: Expected): string {
  const [rawCold, rawWarm] = [writeOutcome(cold), warm && writeOutcome(warm)];
  const recorded = {
    schema: ANSWER_SCHEMA,
    cold: rawCold,
    warm: JSON.stringify(rawWarm) === JSON.stringify(rawCold) ? null : rawWarm,
    volatile: Object.fromEntries([...volatile].map(([at, kinds]) => [at, [...kinds].sort()])),
  };
  return `${JSON.stringify(recorded, null, 2)}\n`;
}

/** Reads what `formatRecorded` wrote. Throws `ANSWER_INVALID`. */
export function parseRecorded(text: string, path: string): Expected {
  try {
    const { cold, warm, volatile } = schema.parse(JSON.parse(text));
    return {
      cold: readOutcome(cold),
      warm: readOutcome(warm ?? cold),
      volatile: new Map(Object.entries(volatile).map(([at, kinds]) => [at, new Set(kinds)])),
    };
  } catch (error) {
    throw new SlimError('ANSWER_INVALID', [path, explain(error)], { cause: error });
  }
}

function explain(error: unknown): string {
  const [issue] = error instanceof z.ZodError ? error.issues : [];
  if (issue) return `${issue.path.join('.') || 'the whole of it'}: ${issue.message}`;
  return error instanceof Error ? error.message : String(error);
}

function writeOutcome(from: Outcome): RawOutcome {
  if (from.kind === 'error') return { kind: 'error', error: withoutTrace(from.error) };
  const { contentType } = from;
  if (from.kind === 'answer') return { kind: 'answer', contentType, body: writeBody(from.body) };
  const error = from.error && withoutTrace(from.error);
  return { kind: 'stream', contentType, body: writeBody(from.body), error };
}

function withoutTrace({ errorType, errorMessage }: z.infer<typeof failure>): z.infer<typeof failure> {
  return { errorType, errorMessage };
}

/** As JSON where that loses nothing, so that a change of it reads well; else as text; else as base64. */
function writeBody(bytes: Uint8Array): RawBody {
  const text = Buffer.from(bytes).toString('utf8');
  const value = parseBytes(bytes);
  if (value !== undefined && isPlain(value) && formatValue(value) === text) return { json: value };
  return Buffer.compare(Buffer.from(text), bytes) === 0
    ? { text }
    : { base64: Buffer.from(bytes).toString('base64') };
}

/** False where a number would be lost in JSON. */
function isPlain(value: Value): boolean {
  if (isList(value)) return value.every(isPlain);
  if (isObject(value)) return Object.values(value).every(isPlain);
  return typeof value !== 'bigint' && (typeof value !== 'number' || Number.isFinite(value));
}

function readOutcome(raw: RawOutcome): Outcome {
  return raw.kind === 'error' ? raw : { ...raw, body: readBody(raw.body) };
}

function readBody(raw: RawBody): Uint8Array {
  if ('json' in raw) return Buffer.from(JSON.stringify(raw.json));
  return 'text' in raw ? Buffer.from(raw.text) : Buffer.from(raw.base64, 'base64');
}
