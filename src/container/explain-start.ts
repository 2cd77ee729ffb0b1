import { SlimError } from '../errors.ts';
import { explainOutput } from './explain-engine-error.ts';
import type { Image } from './find-image.ts';
import type { Engine } from './types.ts';

/** What runtimes of containers say where the image has no shell. */
const NO_SHELL =
  /"?\/bin\/sh"?`?:? (?:stat \/bin\/sh: )?(?:no such file|not found|executable file)|executable file `\/bin\/sh` not found/i;

/** Says why a container whose first program is `/bin/sh` did not start. */
export function explainStart(engine: Engine, { name, platform }: Image, reason: string): SlimError {
  if (/exec format error/i.test(reason))
    return new SlimError('CONTAINER_EMULATION_MISSING', [name, platform]);
  if (NO_SHELL.test(reason)) return new SlimError('CONTAINER_TOOL_MISSING', [name, '/bin/sh']);
  return explainOutput(engine.name, 'start the container', reason || 'it ended at once');
}
