import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { IsolationChoice, LocalSettings } from '../lambda/types.ts';
import type { PresetLibrary } from '../presets/schema.ts';
import type { Context, Entry, ExactReport, NamedEvent, Tree } from '../types.ts';
import { checkRecorded } from './check-recorded.ts';
import { cutTree } from './cut-tree.ts';
import { decide } from './decide.ts';
import { recordRun } from './record-run.ts';

export interface ExactRequest {
  readonly settings: Omit<LocalSettings, 'code'>;
  readonly events: readonly NamedEvent[];
  /** Globs over paths of the artifact; what they match stays. */
  readonly keep: readonly string[];
  /** Its keep rules hold, and so do licences and metadata. */
  readonly library: PresetLibrary;
  readonly isolation: IsolationChoice;
}

export interface Exact {
  readonly tree: Tree;
  readonly report: ExactReport;
  /** What went, and what was emptied, as it was. */
  readonly rest: readonly Entry[];
  readonly findings: readonly Finding[];
}

/**
 * Keeps of a tree only what the static trace reaches, what a recorded run on the events reads, and what is pinned; what the run
 * merely looked at stays as an empty file. Throws `EXACT_NEEDS_EVENTS`, `EXACT_RUN_FAILED`, `EXACT_NOT_RECORDED`, and what keeps
 * the function from being run here.
 */
export async function exact(tree: Tree, request: ExactRequest, context: Context): Promise<Exact> {
  const { settings, events } = request;
  if (events.length === 0) throw new SlimError('EXACT_NEEDS_EVENTS', []);
  const recording = await recordRun(tree, request, context);
  checkRecorded(recording.read, settings.handler, tree);
  const verdict = decide(tree, recording, { ...request, target: settings });
  return { ...cutTree(tree, verdict, events.length), findings: recording.findings };
}
