import { SlimError } from '../../errors.ts';
import type { IsolationChoice, SandboxHost, SandboxSpec } from '../types.ts';
import { tryNamespaces } from './namespace/try-namespaces.ts';
import { openProcessHost } from './process/open-process-host.ts';

/**
 * Opens the closest way to Lambda's sandbox that this machine allows and the choice asks for; `isolation` says which it is.
 * Throws `CANCELLED`.
 */
export async function openSandboxHost(
  spec: SandboxSpec,
  choice: IsolationChoice,
  signal: AbortSignal,
): Promise<SandboxHost> {
  if (choice === 'container') {
    const { openContainerHost } = await import('./container/open-container-host.ts');
    return openContainerHost(spec, signal);
  }
  try {
    signal.throwIfAborted();
    return (
      (choice === 'auto' && (await tryNamespaces(spec, signal))) || (await openProcessHost(spec, signal))
    );
  } catch (error) {
    throw signal.aborted ? new SlimError('CANCELLED', [], { cause: error }) : error;
  }
}
