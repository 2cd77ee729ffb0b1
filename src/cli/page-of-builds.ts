import { startsOf } from '../report/html/to-subject.ts';
import type { BuildResult } from '../types.ts';
import type { Session } from './session.ts';
import { readSubject, writePage } from './write-page.ts';

/** Writes the page of what was built, with what verifying measured; says so on stderr. */
export async function writeBuildPage(
  path: string,
  results: readonly BuildResult[],
  { io, tool }: Session,
): Promise<void> {
  const subjects = [];
  for (const { artifact, verification, platform } of results) {
    if (!artifact) continue;
    const starts = verification ? startsOf(verification) : [];
    const signal = io.signal ?? new AbortController().signal;
    const target = { runtime: platform.runtime.id, arch: platform.arch };
    subjects.push(await readSubject({ path: artifact.path, ...target, starts, signal }));
  }
  await writePage(path, { mode: 'functions', tool: `${tool.name} ${tool.version}`, subjects });
  io.stderr.write(`Report: ${path}\n`);
}
