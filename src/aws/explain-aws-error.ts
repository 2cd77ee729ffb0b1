import { SlimError } from '../errors.ts';

/** Names of AWS's errors, by what they mean for a user. */
const MEANING: Readonly<Record<string, 'credentials' | 'not-found' | 'denied' | 'throttled' | 'cancelled'>> =
  {
    CredentialsProviderError: 'credentials',
    TokenProviderError: 'credentials',
    UnrecognizedClientException: 'credentials',
    InvalidSignatureException: 'credentials',
    ExpiredTokenException: 'credentials',
    InvalidClientTokenId: 'credentials',
    ResourceNotFoundException: 'not-found',
    AccessDeniedException: 'denied',
    AccessDenied: 'denied',
    TooManyRequestsException: 'throttled',
    ThrottlingException: 'throttled',
    AbortError: 'cancelled',
  };

const NETWORK = /^(?:E[A-Z]+|CERT_\w+|\w*CERT\w*|TimeoutError)$/;

/** Turns what the SDK throws into an error of the house; `action` says what was tried. What is not AWS's stays as it is. */
export function explainAwsError(error: unknown, action: string): unknown {
  if (!(error instanceof Error) || error instanceof SlimError) return error;
  const options = { cause: error };
  const reason = endSentence(error.message);
  const meaning = MEANING[error.name];
  if (meaning === 'cancelled') return new SlimError('CANCELLED', [], options);
  if (meaning === 'credentials')
    return new SlimError('AWS_CREDENTIALS', [reason.replace(/\.$/, '')], options);
  if (/region is missing/i.test(error.message)) return new SlimError('AWS_REGION_MISSING', [], options);
  if (meaning === 'not-found') return new SlimError('AWS_NOT_FOUND', [action, reason], options);
  if (meaning === 'denied') return new SlimError('AWS_DENIED', [action, reason], options);
  if (meaning === 'throttled') return new SlimError('AWS_THROTTLED', [action, reason], options);
  if ('$fault' in error && isAnswered(error))
    return new SlimError('AWS_REFUSED', [action, error.name, reason], options);
  const cause = networkReason(error);
  return cause ? new SlimError('AWS_UNREACHABLE', [action, cause], options) : error;
}

/** True where AWS itself said it: only an answer has a status. */
function isAnswered(error: Error): boolean {
  const metadata =
    '$metadata' in error ? (error.$metadata as { readonly httpStatusCode?: number }) : undefined;
  return metadata?.httpStatusCode !== undefined;
}

/** The code of a failed connection, such as `ECONNREFUSED`; a proxy's or another server's page counts as one. */
function networkReason(error: Error): string | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (NETWORK.test(code)) return `${code}${error.message ? `, ${error.message}` : ''}`;
  return error instanceof SyntaxError ? 'what answers there is not AWS' : null;
}

function endSentence(text: string): string {
  const trimmed = text.trim() || 'It gave no reason.';
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
