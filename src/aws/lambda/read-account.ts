import type { CallLambda } from './open-lambda.ts';

/** What Lambda allows the account in the region, bytes; null where it does not say. */
export interface AccountSettings {
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number | null;
  readonly storageBytes: number | null;
  readonly usedStorageBytes: number;
}

/** Asks for the account's own limits. Throws what AWS says, such as `AWS_DENIED` without lambda:GetAccountSettings. */
export async function readAccountSettings(call: CallLambda): Promise<AccountSettings> {
  const { AccountLimit: limit, AccountUsage: usage } = await call(
    'Reading the limits of the account',
    (lambda, options) => lambda.getAccountSettings({}, options),
  );
  return {
    zippedBytes: limit?.CodeSizeZipped ?? null,
    unzippedBytes: limit?.CodeSizeUnzipped ?? null,
    storageBytes: limit?.TotalCodeSize ?? null,
    usedStorageBytes: usage?.TotalCodeSize ?? 0,
  };
}
