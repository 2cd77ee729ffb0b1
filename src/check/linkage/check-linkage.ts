import type { Finding } from '../../findings.ts';
import { compareCodeUnits } from '../../util/path.ts';
import type { Candidate } from './candidate.ts';
import { groupProblems } from './group-problems.ts';
import { judgeByName, judgeShadowed } from './judge-choices.ts';
import { judgeFormat } from './judge-format.ts';
import { judgeNeeds } from './judge-needs.ts';
import { judgeLibc, judgePlatform } from './judge-platform.ts';
import { judgeMode, judgeNodeApi } from './judge-program.ts';
import { judgeVersions } from './judge-versions.ts';
import { placeFiles } from './place-files.ts';
import { OTHER_LANGUAGE_VERSION, settleLevels } from './settle-levels.ts';
import type { LinkageInput, PlacedFile, Problem } from './types.ts';
import { makeWorld, type World } from './world.ts';

/**
 * Says which native files of a function and its layers would not load on Lambda, and which runtime or build would fit.
 * Pure: it sees only what was read of the files. Without a platform it judges what holds for every one.
 */
export function checkLinkage(input: LinkageInput): readonly Finding[] {
  const fs = placeFiles(input);
  const files = [...fs.files].sort((a, b) => compareCodeUnits(a.at, b.at));
  // Object files are no part of a running function.
  const loadable = files.flatMap((file): Candidate[] => {
    const { native } = file;
    const isLoadable = native.format === 'elf' && ['shared', 'executable'].includes(native.facts.kind);
    return isLoadable ? [{ file, facts: native.facts }] : [];
  });
  const { platform } = input;
  const foreign = platform
    ? loadable.flatMap(({ file, facts }) => judgePlatform(file, facts, platform))
    : judgeAnywhere(loadable);
  const isForeign = new Set(foreign.map(({ file }) => file));
  const fitting = loadable.filter(({ file }) => !isForeign.has(file));
  const ofFormat = files.filter(file => !isForeign.has(file) && !isObject(file)).flatMap(judgeFormat);
  const ofModes = fitting.flatMap(({ file, facts }) => judgeMode(file, facts));
  const ofRuntime = platform
    ? judgeAll(fitting, makeWorld(fs, platform, loadable.filter(isOfSystem(foreign))))
    : [];
  const settled = settleLevels(
    [...foreign, ...ofFormat, ...ofModes, ...ofRuntime],
    fitting.map(({ file }) => file),
  );
  return groupProblems(settled);
}

/** Modules for another CPython or Node.js are not judged, but they show what loads the libraries beside them. */
function isOfSystem(foreign: readonly Problem[]): (candidate: Candidate) => boolean {
  const others = new Set(
    foreign.flatMap(({ file, facts }) => (OTHER_LANGUAGE_VERSION.has(facts.code) ? [] : [file])),
  );
  return ({ file }) => !others.has(file);
}

function isObject({ native }: PlacedFile): boolean {
  return native.format === 'elf' && !['shared', 'executable'].includes(native.facts.kind);
}

function judgeAll(candidates: readonly Candidate[], world: World): readonly Problem[] {
  return candidates.flatMap(candidate => judgeOne(candidate, world));
}

function judgeOne(candidate: Candidate, world: World): readonly Problem[] {
  const { file, facts } = candidate;
  return [
    ...judgeVersions(candidate, world),
    ...judgeNeeds(candidate, world),
    ...judgeShadowed(candidate, world),
    ...judgeByName(candidate, world),
    ...judgeNodeApi(file, facts, world.platform.runtime),
  ];
}

/** What holds on every runtime, where no platform is given to judge by. */
function judgeAnywhere(files: readonly Candidate[]): readonly Problem[] {
  const mixed = findMixed(files);
  const isMixed = new Set(mixed.map(({ file }) => file));
  const others = files.filter(({ file }) => !isMixed.has(file));
  return [...mixed, ...others.flatMap(({ file, facts }) => judgeLibc(file, facts))];
}

/** Without a platform to judge by, the CPU of most files is taken to be the right one. */
function findMixed(files: readonly Candidate[]): readonly Problem[] {
  const counts = new Map<string, number>();
  for (const {
    facts: { machine },
  } of files)
    counts.set(machine, (counts.get(machine) ?? 0) + 1);
  const [most] = [...counts].sort(([a, m], [b, n]) => n - m || compareCodeUnits(a, b));
  if (!most || counts.size === 1) return [];
  const [expected] = most;
  return files
    .filter(({ facts }) => facts.machine !== expected)
    .map(({ file, facts: { machine } }) => ({
      file,
      facts: { code: 'ARCH_MISMATCH', level: 'warning', machines: [machine], expected, mixed: true },
    }));
}
