import type { Finding } from '../findings.ts';
import { EXIT } from './session.ts';

/** 1 when a finding has level error, else 0. */
export function toExitCode(results: readonly { readonly findings: readonly Finding[] }[]): number {
  const isBad = results.some(({ findings }) => findings.some(({ level }) => level === 'error'));
  return isBad ? EXIT.finding : EXIT.ok;
}
