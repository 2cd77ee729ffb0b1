import { SlimError } from '../errors.ts';
import type { PublishPlan } from '../publish-types.ts';
import { printable } from '../report/printable.ts';
import type { Io } from './io.ts';

/** Asks before layer versions are deleted. Throws `CONFIRMATION_NEEDED` where nobody can be asked, and `CANCELLED` for a no. */
export async function confirmDeleting({ steps }: PublishPlan, isAgreed: boolean, io: Io): Promise<void> {
  const doomed = steps.flatMap(step => (step.kind === 'delete-layer' ? [step.arn] : []));
  if (doomed.length === 0 || isAgreed) return;
  if (!io.confirm) throw new SlimError('CONFIRMATION_NEEDED', [doomed]);
  io.stderr.write(`${doomed.map(arn => `  ${printable(arn)}`).join('\n')}\n`);
  if (!(await io.confirm(`Delete these ${doomed.length} layer versions? [y/N] `)))
    throw new SlimError('CANCELLED', []);
}
