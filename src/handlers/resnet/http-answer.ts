import { METHODS } from './read-http-input.ts';
import { isRefusal } from './refusal.ts';

/** The form that REST APIs, HTTP APIs and function URLs all take; REST refuses any other key. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/** Answers with JSON. CORS headers are the gateway's business. */
export function answerJson(statusCode: number, value: unknown): HttpAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
    isBase64Encoded: false,
  };
}

/** Answers OPTIONS where no gateway does. */
export function answerOptions(): HttpAnswer {
  return { statusCode: 204, headers: { allow: METHODS }, body: '', isBase64Encoded: false };
}

/** Answers `{"error":{"code","message"}}`; what is not the caller's fault stays in the log. */
export function answerError(error: unknown): HttpAnswer {
  if (!isRefusal(error)) {
    return answerJson(500, {
      error: { code: 'INTERNAL', message: 'The function failed; its log says why.' },
    });
  }
  const answer = answerJson(error.status, { error: { code: error.code, message: error.message } });
  if (error.code !== 'METHOD_NOT_ALLOWED') return answer;
  return { ...answer, headers: { ...answer.headers, allow: METHODS } };
}
