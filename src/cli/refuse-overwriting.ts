import { SlimError } from '../errors.ts';

/** Throws `USAGE` where a result would be written over one of the files that it is about. */
export function refuseOverwriting(
  option: string,
  path: string,
  inputs: readonly string[],
  command: string,
): void {
  if (!inputs.includes(path)) return;
  const problem = `${option} names ${path}, which is what is looked at and would be lost`;
  throw new SlimError('USAGE', [problem, `lambda-slim ${command}`, null]);
}
