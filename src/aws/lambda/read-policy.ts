import type { Permission } from '../types.ts';

type Conditions = Readonly<Record<string, unknown>>;

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, unknown>>;
  readonly Action?: unknown;
  readonly Condition?: Readonly<Record<string, Conditions>>;
}

const ACTIONS: readonly unknown[] = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

/**
 * Reads those statements of a resource policy that allow what a `Permission` can say. One with another action or a further
 * condition allows something else, and is left out.
 */
export function readPolicy(policy: string): readonly Permission[] {
  const { Statement: statements = [] } = JSON.parse(policy) as { Statement?: readonly Statement[] };
  return statements.flatMap(statement => toPermission(statement) ?? []);
}

function toPermission({ Sid = '', Effect, Principal, Action, Condition = {} }: Statement): Permission | null {
  const principal = readPrincipal(Principal);
  if (Effect !== 'Allow' || !ACTIONS.includes(Action) || principal === null) return null;
  const conditions = Object.values(Condition).flatMap(Object.entries) as readonly [string, unknown][];
  const known = conditions.map(([key, value]) => [key.toLowerCase(), value] as const).map(readCondition);
  if (known.includes(null)) return null;
  const none = { sourceArn: null, urlAuth: null, viaUrl: false };
  const action = Action as Permission['action'];
  return Object.assign({ id: Sid, action, principal, ...none }, ...known);
}

/** `*` is also written `{"AWS": "*"}`. */
function readPrincipal(principal: Statement['Principal']): string | null {
  const [value, ...others] = typeof principal === 'object' ? Object.values(principal) : [principal];
  return typeof value === 'string' && others.length === 0 ? value : null;
}

/** Names of conditions are the same in any case. */
function readCondition([key, value]: readonly [string, unknown]): Partial<Permission> | null {
  if (key === 'aws:sourcearn' && typeof value === 'string') return { sourceArn: value };
  if (key === 'lambda:functionurlauthtype' && value === 'NONE') return { urlAuth: 'none' };
  if (key === 'lambda:invokedviafunctionurl' && String(value) === 'true') return { viaUrl: true };
  return null;
}
