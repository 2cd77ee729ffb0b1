import type { RunError } from './run-record.ts';

const NO_WAY = new Set([
  'TimeoutError',
  'ETIMEDOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'Forbidden']);
const MISSING = new Set(['NoSuchKey', 'NoSuchBucket', 'NotFound']);

/** What went wrong in words that another program can show; `code` tells the cases apart that it knows. */
export function explainError(error: unknown, where: string): RunError {
  const chain = causesOf(error);
  const found = (names: ReadonlySet<string>): Error | undefined =>
    chain.find(({ name, ...more }) => names.has(name) || ('code' in more && names.has(String(more.code))));
  const lost = found(NO_WAY);
  if (lost) return { code: 'S3_UNREACHABLE', message: `${where}: ${lost.message || lost.name}`, hint: '' };
  const denied = found(DENIED);
  if (denied) return { code: 'S3_DENIED', message: `${where}: ${denied.message}`, hint: '' };
  if (found(MISSING)) return { code: 'BUNDLE_MISSING', message: `${where} is not whole.`, hint: '' };
  const [first] = chain;
  const { code = 'FAILED', hint = '' } = { ...first } as Readonly<Record<'code' | 'hint', unknown>>;
  return { code: String(code), message: first?.message ?? String(error), hint: String(hint) };
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let each = error; each instanceof Error && chain.length < 5; each = each.cause) chain.push(each);
  return chain;
}
