import { compareCodeUnits } from '../../util/path.ts';
import { printable } from '../printable.ts';
import { findCopies, findDuplicates } from './find-copies.ts';
import { KINDS, kindOf } from './kind-of.ts';
import { namePackage } from './name-package.ts';
import type { PageFile, PageRemoval, PageRule, PageSubject } from './page-types.ts';
import type { PageManifest } from './parse-manifest.ts';
import type { SubjectInput } from './subject-input.ts';

type Tables = Pick<
  PageSubject,
  'packages' | 'kinds' | 'rules' | 'files' | 'removals' | 'duplicates' | 'copies'
>;

type Removals = PageManifest['removals'];

/** What is there, what went, and what is there twice, sorted by path; names that many files share stand once and have a number. */
export function toTables(input: SubjectInput, manifest: PageManifest | null): Tables {
  const files = [...input.files].sort((a, b) => compareCodeUnits(a.path, b.path));
  const removals = [...(manifest?.removals ?? [])].sort((a, b) => compareCodeUnits(a.path, b.path));
  const packages = makeNumbers();
  const labelOf = makeLabels(input, removals);
  const native = new Set(input.natives);
  const kindAt = (path: string): number => KINDS.indexOf(kindOf(path, native.has(path)));
  const rules = toRules(removals, manifest);
  const ruleAt = new Map(rules.map(({ id }, at) => [id, at]));
  const toFile = ({ path, bytes, compressedBytes }: SubjectInput['files'][number]): PageFile => {
    const owner = packages.numberOf(labelOf(path));
    return [printable(path), bytes, compressedBytes, owner, kindAt(path)];
  };
  const toRemoval = ({ path, bytes, rule, package: named }: Removals[number]): PageRemoval => {
    const owner = packages.numberOf(named ?? labelOf(path));
    return [printable(path), bytes, owner, kindAt(path), ruleAt.get(rule) ?? 0];
  };
  return {
    kinds: KINDS,
    rules: rules.map(({ id, why }) => ({ id: printable(id), why: printable(why) })),
    files: files.map(toFile),
    removals: removals.map(toRemoval),
    packages: packages.names,
    ...toCopies(input, files),
  };
}

function toCopies(
  { packages }: SubjectInput,
  files: SubjectInput['files'],
): Pick<Tables, 'duplicates' | 'copies'> {
  return {
    duplicates: findDuplicates(files).map(({ bytes, paths }) => ({ bytes, paths: paths.map(printable) })),
    copies: findCopies(packages).map(({ package: name, places }) => ({
      package: printable(name),
      places: places.map(one => ({ ...one, version: printable(one.version), dir: printable(one.dir) })),
    })),
  };
}

/** Makes the question whose a path is, also for those that went. */
function makeLabels({ groups, packages }: SubjectInput, removals: Removals): (path: string) => string {
  const versions = knownVersions([
    ...packages.map(({ name, version }) => (version === '' ? name : `${name}@${version}`)),
    ...removals.flatMap(({ package: owner }) => owner ?? []),
  ]);
  return path => {
    const name = namePackage(path);
    return groups.get(path) ?? versions.get(name) ?? name;
  };
}

function toRules(removals: Removals, manifest: PageManifest | null): readonly PageRule[] {
  const ids = [...new Set(removals.map(({ rule }) => rule))].sort(compareCodeUnits);
  return ids.map(id => ({
    id,
    why: Object.hasOwn(manifest?.rules ?? {}, id) ? (manifest?.rules[id] ?? '') : '',
  }));
}

/** `sharp` is `sharp@0.35.5` where there is but one version of it; paths of npm do not tell that. */
function knownVersions(labels: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string | null>();
  for (const label of labels) {
    const name = label.replace(/(?<=.)@[^@/]+$/, '');
    const known = found.get(name);
    found.set(name, known === undefined || known === label ? label : null);
  }
  return new Map([...found].flatMap(([name, label]) => (label === null ? [] : [[name, label] as const])));
}

/** Gives every name a number, in the order in which they come. */
function makeNumbers(): { readonly names: readonly string[]; readonly numberOf: (name: string) => number } {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  return {
    names,
    numberOf: name => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(printable(name)) - 1;
    },
  };
}
