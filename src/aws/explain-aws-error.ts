import { SlimError } from '../errors.ts';
import { findAdvice } from './known-refusals.ts';
import { redactSecrets } from './redact-secrets.ts';

type Meaning = 'credentials' | 'not-found' | 'denied' | 'throttled' | 'cancelled';

/** Names of AWS's errors, by what they mean for a user. */
const NAMES: Readonly<Record<Meaning, readonly string[]>> = {
  credentials: [
    'CredentialsProviderError',
    'TokenProviderError',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'ExpiredTokenException',
    'ExpiredToken',
    'InvalidClientTokenId',
    'InvalidAccessKeyId',
  ],
  'not-found': [
    'ResourceNotFoundException',
    'ProvisionedConcurrencyConfigNotFoundException',
    'NotFoundException',
    'NoSuchEntityException',
    'NoSuchEntity',
    'NoSuchBucket',
    'NoSuchKey',
    'NotFound',
    'AccessPointNotFound',
    'FileSystemNotFound',
  ],
  denied: ['AccessDeniedException', 'AccessDenied', 'ForbiddenException', 'Forbidden'],
  throttled: [
    'TooManyRequestsException',
    'ThrottlingException',
    'Throttling',
    'RequestLimitExceeded',
    'SlowDown',
  ],
  cancelled: ['AbortError'],
};

const MEANING: ReadonlyMap<string, Meaning> = new Map(
  Object.entries(NAMES).flatMap(([meaning, names]) => names.map(name => [name, meaning as Meaning])),
);

const NETWORK = /^(?:E[A-Z]+|EAI_AGAIN|ERR_(?:SSL|TLS)_\w+|CERT_\w+|\w*CERT\w*|TimeoutError)$/;

/**
 * Turns what the SDK throws into an error of the house; `action` says what was tried. What is not AWS's stays as it is.
 * Neither the error nor its cause holds values of variables or signed URLs.
 */
export function explainAwsError(thrown: unknown, action: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof SlimError) return thrown;
  const error = withoutSecrets(thrown);
  const options = { cause: error };
  const reason = endSentence(error.message);
  const meaning = MEANING.get(error.name);
  if (meaning === 'cancelled') return new SlimError('CANCELLED', [], options);
  if (meaning === 'credentials')
    return new SlimError('AWS_CREDENTIALS', [reason.replace(/\.$/, '')], options);
  if (/region is missing|region not accepted/i.test(error.message))
    return new SlimError('AWS_REGION_MISSING', [], options);
  if (meaning === 'not-found') return new SlimError('AWS_NOT_FOUND', [action, reason], options);
  if (meaning === 'denied') return new SlimError('AWS_DENIED', [action, reason], options);
  const status = readStatus(error);
  if (meaning === 'throttled' || status === 429)
    return new SlimError('AWS_THROTTLED', [action, reason], options);
  if (!('$fault' in error) || status === null) return explainLostCall(error, action);
  if (status >= 500) return new SlimError('AWS_FAILED', [action, `${status} ${error.name}`, reason], options);
  const advice = findAdvice(error.name, error.message);
  return new SlimError('AWS_REFUSED', [action, error.name, reason, advice], options);
}

function explainLostCall(error: Error, action: string): Error {
  const reason = networkReason(error);
  return reason ? new SlimError('AWS_UNREACHABLE', [action, reason], { cause: error }) : error;
}

/** Only where AWS itself said it: an error of the SDK has no status. */
function readStatus(error: Error): number | null {
  const metadata =
    '$metadata' in error ? (error.$metadata as { readonly httpStatusCode?: number }) : undefined;
  return metadata?.httpStatusCode ?? null;
}

/** The code of a failed connection, such as `ECONNREFUSED`; a proxy's or another server's page counts as one. */
function networkReason(error: Error): string | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (NETWORK.test(code)) return `${code}${error.message ? `, ${error.message}` : ''}`;
  return error instanceof SyntaxError ? 'what answers there is not AWS' : null;
}

/** A stack repeats the message, so that an error that holds a secret is replaced whole. */
function withoutSecrets(error: Error): Error {
  const message = redactSecrets(error.message);
  if (message === error.message) return error;
  const { name, $fault, $metadata } = error as Error & Readonly<Record<'$fault' | '$metadata', unknown>>;
  return Object.assign(new Error(message), { name, $fault, $metadata });
}

function endSentence(text: string): string {
  const trimmed = text.trim() || 'It gave no reason.';
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
