import type { VerifyFinding } from '../findings.ts';

/** Tells a failure once, without an event, when all of several events failed in the same way: the function fails before it sees one. */
export function joinAlike(findings: readonly VerifyFinding[], events: number): readonly VerifyFinding[] {
  if (events < 2) return findings;
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  const told = new Set<string>();
  return findings.flatMap(finding => {
    const key = keyOf(finding);
    if (!isFailure(finding) || counts.get(key) !== events) return [finding];
    if (told.has(key)) return [];
    told.add(key);
    return [{ ...finding, event: null }];
  });
}

type Failure = Extract<VerifyFinding, { code: 'VERIFY_FAILED' | 'VERIFY_ORIGINAL_FAILS' }>;

function isFailure(finding: VerifyFinding): finding is Failure {
  return finding.code === 'VERIFY_FAILED' || finding.code === 'VERIFY_ORIGINAL_FAILS';
}

function keyOf(finding: VerifyFinding): string {
  return isFailure(finding) ? JSON.stringify({ ...finding, event: null }) : '';
}
