/** A version taken apart as PEP 440 orders it; what is missing counts as its neutral value. */
interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Of `a1`, `b1`, `rc1`, a final release, in this order; the number behind the point. */
  readonly pre: number;
  readonly post: number;
  readonly dev: number;
}

const PATTERN =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+[a-z\d]+(?:[-_.][a-z\d]+)*)?$/i;

const PHASES: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1 };
const FINAL = 3;
const MANY = 1e9;

function parse(text: string): Version | null {
  const match = PATTERN.exec(text.trim());
  if (!match) return null;
  const [, epoch, release = '', phase, pre, shortPost, post, postNumber, dev, devNumber] = match;
  const isDevOnly = dev !== undefined && phase === undefined && post === undefined && shortPost === undefined;
  const prePhase = phase === undefined ? FINAL : (PHASES[phase.toLowerCase()] ?? 2);
  return {
    epoch: Number(epoch ?? 0),
    release: release.split('.').map(Number),
    pre: isDevOnly ? -1 : prePhase * MANY + Number(pre || 0),
    post: shortPost !== undefined ? Number(shortPost) : post === undefined ? -1 : Number(postNumber || 0),
    dev: dev === undefined ? MANY : Number(devNumber || 0),
  };
}

/** True for a version of PEP 440. */
export function isVersion(text: string): boolean {
  return parse(text) !== null;
}

/** Orders two versions as PEP 440 does, local parts aside; what is no version comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return Number(left !== null) - Number(right !== null);
  const length = Math.max(left.release.length, right.release.length);
  const parts = ({ epoch, release, pre, post, dev }: Version): readonly number[] => [
    epoch,
    ...Array.from({ length }, (_, index) => release[index] ?? 0),
    pre,
    post,
    dev,
  ];
  const others = parts(right);
  for (const [index, part] of parts(left).entries()) {
    const difference = part - (others[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

const CLAUSE = /^(~=|===?|!=|<=?|>=?)\s*(\S+)$/;

/** True for a set of specifiers such as `>=3.9,<4`. */
export function isSpecifierSet(text: string): boolean {
  return text.split(',').every(clause => {
    const [, , wanted = ''] = CLAUSE.exec(clause.trim()) ?? [];
    return isVersion(wanted.replace(/\.\*$/, ''));
  });
}

/** The first part of a set of specifiers that is none; null where all are. */
export function findBadSpecifier(specifiers: string): string | null {
  const clauses = specifiers.split(',').map(clause => clause.trim());
  return (
    clauses.find(clause => clause !== '' && !/^(?:~=|===?|!=|<=?|>=?)\s*[^\s=<>!~]+$/.test(clause)) ?? null
  );
}

/** Whether a version fits a set of specifiers such as `>=3.9,<4`; an empty set takes all. Throws on what is no specifier. */
export function fitsSpecifiers(version: string, specifiers: string): boolean {
  const clauses = specifiers.split(',').map(clause => clause.trim());
  return clauses.filter(Boolean).every(clause => {
    const [, operator = '', wanted = ''] = CLAUSE.exec(clause) ?? [];
    if (operator === '') throw new SyntaxError(`${JSON.stringify(clause)} is no version specifier`);
    return fits(version, operator, wanted);
  });
}

function fits(version: string, operator: string, wanted: string): boolean {
  const order = compareVersions(version, wanted);
  switch (operator) {
    case '===':
      return version === wanted;
    case '==':
      return wanted.endsWith('.*') ? hasPrefix(version, wanted) : order === 0;
    case '!=':
      return wanted.endsWith('.*') ? !hasPrefix(version, wanted) : order !== 0;
    case '~=':
      return order >= 0 && hasPrefix(version, wanted.replace(/\.\d+[^.]*$/, '.*'));
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    default:
      return order > 0;
  }
}

/** `3.12.1` has the prefix `3.12.*`. */
function hasPrefix(version: string, pattern: string): boolean {
  const wanted = pattern.slice(0, -2).split('.').map(Number);
  const release = parse(version)?.release ?? [];
  return wanted.every((part, index) => (release[index] ?? 0) === part);
}
