import type { Operation } from './types.ts';

interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation that a request asks for; of several, the one with most conditions. */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  path: string,
  query: URLSearchParams,
): Match | null {
  let best: Match | null = null;
  for (const operation of operations) {
    if (operation.method !== method || !holds(operation.when, query)) continue;
    const params = matchPath(operation.path, path);
    if (params && conditions(operation) > (best ? conditions(best.operation) : -1))
      best = { operation, params };
  }
  return best;
}

function conditions({ when }: Operation): number {
  return when === null ? 0 : when.split('&').length;
}

function holds(when: string | null, query: URLSearchParams): boolean {
  return (when?.split('&') ?? []).every(condition => {
    const [name = '', value] = condition.split('=');
    return value === undefined ? query.has(name) : query.get(name) === value;
  });
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const source = pattern.replace(
    /\{(\w+)(\+?)\}/g,
    (_, name, plus) => `(?<${name}>${plus ? '.+' : '[^/]+'})`,
  );
  const groups = new RegExp(`^${source}/?$`).exec(path);
  if (!groups) return null;
  return Object.fromEntries(
    Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
}
