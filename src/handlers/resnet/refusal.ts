/** Why a request cannot be answered, with the HTTP status that says so. Each is the caller's to mend. */
const REFUSALS = {
  NO_INPUT: 400,
  TWO_INPUTS: 400,
  BAD_JSON: 400,
  BAD_BASE64: 400,
  BAD_FORM: 400,
  BODY_MANGLED: 400,
  NOT_AN_IMAGE: 400,
  IMAGE_TOO_LARGE: 413,
  METHOD_NOT_ALLOWED: 405,
  URL_INVALID: 400,
  URL_FORBIDDEN: 400,
  URL_UNREACHABLE: 400,
  URL_TIMEOUT: 400,
  URL_STATUS: 400,
  URL_REDIRECTS: 400,
  URL_NOT_AN_IMAGE: 400,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** An error whose message may be shown to the caller. Its name is its code, so that Step Functions can catch by it. */
export interface Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
}

/** Makes the error that says no to a caller. */
export function refuse(code: RefusalCode, message: string, cause?: unknown): Refusal {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: code, code, status: REFUSALS[code] });
}

/** True for errors made by `refuse`. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'status' in error && error.name in REFUSALS;
}
