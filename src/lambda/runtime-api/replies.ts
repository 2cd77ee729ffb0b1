import type { ServerResponse } from 'node:http';
import { limits } from '../../platform/limits.ts';

/** Answers of the Runtime API that are no success, by the name that Lambda gives them. */
const REFUSALS = {
  InvalidRequestID: 400,
  InvalidRequestFormat: 400,
  InvalidStateTransition: 403,
  'Extension.InvalidExtensionName': 403,
  'Extension.UnknownExtensionIdentifier': 403,
  'Extension.MissingHeader': 403,
  'Extension.InvalidEventType': 403,
  NotFound: 404,
  RequestEntityTooLarge: 413,
} as const;
export type Refusal = keyof typeof REFUSALS;

/** 202 with the body that runtime clients expect. */
export function accept(response: ServerResponse): void {
  sendJson(response, 202, { status: 'OK' });
}

export function refuse(response: ServerResponse, errorType: Refusal, errorMessage: string): void {
  sendJson(response, REFUSALS[errorType], { errorMessage, errorType });
}

export function refuseTransition(response: ServerResponse, from: string, to: string): void {
  const why = 'State transition is not allowed';
  refuse(
    response,
    'InvalidStateTransition',
    `State transition from ${from} to ${to} failed for runtime. Error: ${why}`,
  );
}

export function refuseSize(response: ServerResponse): void {
  refuse(
    response,
    'RequestEntityTooLarge',
    `Exceeded maximum allowed payload size (${limits.responseBytes} bytes).`,
  );
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
