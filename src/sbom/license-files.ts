const LICENSE =
  /^(?:licen[cs]es?|copying|notices?|copyright|third[-_ ]?party[-_ ]?(?:licen[cs]es?|notices?))(?:[.-].*)?$/i;

/** What `build` writes of the packages inside a bundle. */
const OF_BUNDLE = /(?:^|\/)THIRD-PARTY-LICENCES\.txt$/;

/** Code, and other things that only sound like a licence. */
const NOT_A_TEXT = /\.(?:[cm]?[jt]s|py|json|map|ya?ml)$/i;

/** Whether a file has the text of a licence: of the package whose `infoDir` is given, or of what is inside a bundle. */
export function isLicensePath(path: string, infoDir: string | null): boolean {
  if (OF_BUNDLE.test(path)) return true;
  if (infoDir === null || !path.startsWith(`${infoDir}/`)) return false;
  const inside = path.slice(infoDir.length + 1).split('/');
  const file = inside.at(-1) ?? '';
  if (NOT_A_TEXT.test(file)) return false;
  // Folders of licences are `licenses/` in a .dist-info (PEP 639) and `LICENSES/` by REUSE.
  return inside.length === 1 ? LICENSE.test(file) : /^licen[cs]es?$/i.test(inside[0] ?? '');
}

const RULE = /\n-{79}\n\n/;
const LABELS = /^(?:@[^@,\s]+|[^@,\s]+)@[^,\s]+(?:, (?:@[^@,\s]+|[^@,\s]+)@[^,\s]+)*$/;

/** The licences of bundled packages, by `name@version`, as `build` wrote them into the artifact. */
export function parseBundledLicenses(
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [path, text] of texts) {
    if (!OF_BUNDLE.test(path)) continue;
    for (const { labels, body } of splitParts(text))
      for (const label of labels) found.set(label, [...(found.get(label) ?? []), body]);
  }
  return found;
}

/** A rule of dashes may also stand in a licence; then no names of packages stand behind it. */
function splitParts(text: string): readonly { readonly labels: readonly string[]; readonly body: string }[] {
  const parts: { labels: readonly string[]; body: string }[] = [];
  for (const piece of text.slice(text.indexOf('\n\n') + 2).split(RULE)) {
    const [head = '', ...rest] = piece.split('\n\n');
    const last = parts.at(-1);
    if (LABELS.test(head)) parts.push({ labels: head.split(', '), body: rest.join('\n\n') });
    else if (last) last.body += `\n${'-'.repeat(79)}\n\n${piece}`;
  }
  return parts;
}
