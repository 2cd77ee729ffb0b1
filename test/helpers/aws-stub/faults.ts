/**
 * What goes wrong with a request. `throttle`, `error` (a 500) and `conflict` (a 409) answer instead of doing it. The connection is
 * cut by `drop-during` while the body is sent, by `drop-before` when it was, and by `drop-after` when all is done, so that only the
 * answer is lost. `hang` does nothing and never answers; `hang-after` does it first.
 */
export type FaultKind =
  | 'throttle'
  | 'error'
  | 'conflict'
  | 'drop-during'
  | 'drop-before'
  | 'drop-after'
  | 'hang'
  | 'hang-after';

export interface Fault {
  readonly kind: FaultKind;
  /** Index in `requests` of the first that it meets. */
  readonly at?: number;
  /** Instead of `at`: only requests for this operation, such as `PublishLayerVersion`. */
  readonly operation?: string;
  /** With `operation`: the first of these that it meets, counted from 1 and from when the fault was told. */
  readonly occurrence?: number;
  /** How many in a row it meets; 1 unless said. */
  readonly times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  /** Told of every request once, in order; says what goes wrong with it. */
  meet(index: number, operation: string): FaultKind | null;
}

export function openFaults(first: readonly Fault[]): Faults {
  const rules: { readonly fault: Fault; seen: number }[] = [];
  const add = (fault: Fault): void => {
    if ((fault.at === undefined) === (fault.operation === undefined))
      throw new Error('A fault has either `at` or `operation`');
    rules.push({ fault, seen: 0 });
  };
  first.forEach(add);
  return {
    add,
    meet(index, operation) {
      let met: FaultKind | null = null;
      for (const rule of rules) {
        const { kind, at, occurrence = 1, times = 1 } = rule.fault;
        if (at === undefined && rule.fault.operation === operation) rule.seen++;
        else if (at === undefined) continue;
        const nth = at === undefined ? rule.seen - occurrence : index - at;
        if (nth >= 0 && nth < times) met ??= kind;
      }
      return met;
    },
  };
}
