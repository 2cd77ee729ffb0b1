import type { DeployedConfiguration } from '../aws/types.ts';
import type { Package, PublishSettings } from '../publish-types.ts';

/** Whether a function has this code, in a state in which it counts. */
export function hasCode(
  { codeSha256, arch, failure }: DeployedConfiguration,
  code: Pick<Package, 'codeSha256'>,
  settings: Pick<PublishSettings, 'arch'>,
): boolean {
  return failure === null && codeSha256 === code.codeSha256 && arch === settings.arch;
}
