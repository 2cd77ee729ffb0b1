import { addToConfig, type ConfigPlace, isEditable } from '../config/add-keep.ts';
import type { ConfigChange, Finding } from '../findings.ts';
import { printable } from '../report/printable.ts';
import { formatChange } from '../report/wording-verify.ts';

/** Writes what findings say to add into the config where that is JSON; returns what to tell the user, line by line. */
export async function autoKeep(
  findings: readonly Finding[],
  place: ConfigPlace | null,
): Promise<readonly string[]> {
  const changes = findings.flatMap(finding =>
    finding.code === 'VERIFY_BLAME' && finding.mend ? [finding.mend] : [],
  );
  if (changes.length === 0) return [];
  if (place === null) return ['No config built this artifact. To be added:', ...toLines(changes)];
  if (!isEditable(place.path))
    return [`${printable(place.path)} is code, and is not edited. To be added:`, ...toLines(changes)];
  const made = await addToConfig(place, changes);
  if (made.length === 0) return [`${printable(place.path)} says so already; build again.`];
  return [`Added to ${printable(place.path)}; build again:`, ...toLines(made)];
}

function toLines(changes: readonly ConfigChange[]): readonly string[] {
  return changes.map(change => `  ${printable(formatChange(change))}`);
}
