import { compareCodeUnits } from '../util/path.ts';
import type { Parties, Party } from './read-parties.ts';

const RULE = '-'.repeat(79);

/** The notices that the licences of packages ask for: each text once, with the packages that come under it. */
export function makeNotices({ inventory, parties }: Parties): string {
  const byText = new Map<string, string[]>();
  for (const party of parties)
    for (const text of party.texts) byText.set(text, [...(byText.get(text) ?? []), nameParty(party)]);
  const parts = [...byText]
    .map(([text, names]) => `${[...new Set(names)].sort(compareCodeUnits).join('\n')}\n\n${text}\n`)
    .sort(compareCodeUnits);
  const missing = listMissing(parties);
  const tail =
    missing.length === 0
      ? []
      : [`Packages in which no text of their licence was found\n\n${missing.join('\n')}\n`];
  const head = `Third-party software in ${inventory.name}\n\n${parties.length === 0 ? 'None was found.\n' : ''}`;
  return [head, ...parts, ...tail].join(`${RULE}\n\n`);
}

/** `name@version (licence)` of packages without a text of their licence. */
export function listMissing(parties: readonly Party[]): readonly string[] {
  return parties.filter(({ texts }) => texts.length === 0).map(nameParty);
}

function nameParty({ name, version, license }: Party): string {
  return `${version === '' ? name : `${name}@${version}`}${license === null ? '' : ` (${license})`}`;
}
