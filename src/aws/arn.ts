export interface Arn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** All that comes after the account: `function:name:alias`, `role/name`. */
  readonly resource: string;
}

/** `arn:partition:service:region:account:resource`; parts that are not there are empty. */
export function parseArn(arn: string): Arn {
  const [, partition = '', , region = '', account = '', ...resource] = arn.split(':');
  return { partition, region, account, resource: resource.join(':') };
}
