import type { Account, CodeSource, DeployedConfiguration } from '../aws/types.ts';
import type { PublishedItem, PublishPlan, PublishReport, PublishStep } from '../publish-types.ts';
import type { Progress } from '../types.ts';
import type { Guard } from './guard.ts';
import type { AccountState } from './types.ts';

/** What steps need, and what earlier ones gave. */
export interface World {
  readonly account: Account;
  readonly plan: PublishPlan;
  readonly state: AccountState;
  readonly progress: Progress;
  readonly guard: Guard;
  /** `$LATEST` as it is now. */
  readonly latest: DeployedConfiguration | null;
  readonly role: string | null;
  /** Objects that were uploaded, by the sha256 of what they hold. */
  readonly uploaded: ReadonlyMap<string, CodeSource>;
  /** ARNs of our layers by the names of their parts. */
  readonly layers: ReadonlyMap<string, string>;
  /** The version that the last step made or found. */
  readonly version: string | null;
  readonly urls: readonly string[];
  /** What the sample was answered. */
  readonly answer: string | null;
  /** Publishes another function on the way. */
  readonly publish: (plan: PublishPlan, start: Start) => Promise<PublishReport>;
}

/** What a publishing begins with. */
export type Start = Pick<World, 'account' | 'state' | 'guard' | 'progress'>;

/** What a step gives: what the next ones need, and a line of the table. */
export interface StepOutcome {
  readonly world: World;
  readonly item: PublishedItem;
}

/** One kind of step. */
export type RunStep<K extends PublishStep['kind']> = (
  step: Extract<PublishStep, { readonly kind: K }>,
  world: World,
) => Promise<StepOutcome>;

/** The ARN, or a bug: the plan makes the function before it is asked for. */
export function functionArn({ latest }: World): string {
  if (latest === null) throw new Error('the function has to be there by now');
  return latest.arn;
}
