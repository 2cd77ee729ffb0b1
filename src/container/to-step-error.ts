import { SlimError } from '../errors.ts';
import type { StepFailure } from './build-types.ts';
import { lastLines } from './last-lines.ts';

/** The error of a step that nobody knows more about. */
export function toStepError({
  step,
  exitCode,
  output,
  byHand,
}: StepFailure): SlimError<'CONTAINER_STEP_FAILED'> {
  const facts = [step.command.join(' '), exitCode, lastLines(output), byHand] as const;
  return new SlimError('CONTAINER_STEP_FAILED', [...facts]);
}
