import { adviceOn, isAccelerator, isOptionalUser } from '../../platform/system-libraries.ts';
import { type Candidate, isProgram } from './candidate.ts';
import { TASK_ROOT } from './place-files.ts';
import type { PlacedFile, Problem } from './types.ts';
import { needsOf, type World } from './world.ts';

/** More users than any library has; bounds what a crafted archive can cost. */
const MAX_USERS = 500;

/** Finds needed libraries that are neither in the artifact, where the linker looks, nor in the runtime. */
export function judgeNeeds(candidate: Candidate, world: World): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [name, resolution] of needsOf(candidate.file, world)) {
    if (resolution.kind === 'uncertain') problems.push(describe(candidate, name, 'uncertain', null, world));
    if (resolution.kind !== 'missing' || isLoadedByUsers(candidate, name, world)) continue;
    const elsewhere =
      world.byName.get(name)?.find(file => file !== candidate.file)?.path ?? findCompressed(name, world);
    const isOptional = isAccelerator(name) || isOptionalUser(candidate.file.path);
    const reason = elsewhere ? 'off the path' : isOptional ? 'optional' : 'missing';
    problems.push(describe(candidate, name, reason, elsewhere, world));
  }
  const { file, facts } = candidate;
  const { interpreter } = facts;
  if (isProgram(file, facts) && interpreter !== null && !isInterpreter(interpreter, world)) {
    problems.push(describe(candidate, interpreter, 'missing', null, world));
  }
  return problems;
}

/** What is made at run time has the name of its file, whatever its SONAME. */
function findCompressed(name: string, { fs }: World): string | null {
  const found = fs.compressed.find(path => path.endsWith(`/${name}`));
  return found?.replace(`${TASK_ROOT}/`, '') ?? null;
}

/** A library counts by its name once it is loaded, wherever it lies: what loads this file may have loaded that one as well. */
function isLoadedByUsers({ file }: Candidate, name: string, world: World): boolean {
  const copies = world.byName.get(name) ?? [];
  if (copies.length === 0) return false;
  const users = collectUsers(file, world);
  return copies.some(copy => copy !== file && [...collectUsers(copy, world)].some(user => users.has(user)));
}

/** Everything that leads to a file by its needs, itself among it. */
function collectUsers(file: PlacedFile, { users }: World): ReadonlySet<PlacedFile> {
  const found = new Set([file]);
  for (const next of found) {
    if (found.size > MAX_USERS) break;
    for (const user of users.get(next) ?? []) found.add(user);
  }
  return found;
}

function isInterpreter(path: string, world: World): boolean {
  return /^\/lib(?:64)?\/ld-linux-[\w-]+\.so\.[12]$/.test(path) || world.fs.find(path) !== null;
}

function describe(
  { file }: Candidate,
  library: string,
  reason: 'missing' | 'off the path' | 'optional' | 'uncertain',
  elsewhere: string | null,
  world: World,
): Problem {
  const level = reason === 'missing' ? 'error' : 'warning';
  const chain = findChain(file, world).map(({ path }) => path);
  const advice = reason === 'missing' ? adviceOn(library) : null;
  return {
    file,
    facts: {
      code: 'LIB_MISSING',
      level,
      libraries: [library],
      chain,
      elsewhere,
      advice,
      reason,
    },
  };
}

/** From a file that nothing else needs to this one. */
function findChain(file: PlacedFile, { users }: World): readonly PlacedFile[] {
  const chain = [file];
  const seen = new Set(chain);
  for (let next = file; ; ) {
    const user = [...(users.get(next) ?? [])].find(candidate => !seen.has(candidate));
    if (user === undefined || chain.length > 10) return chain;
    chain.unshift(user);
    seen.add(user);
    next = user;
  }
}
