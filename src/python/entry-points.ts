/** Groups that a command line or a test run asks for, and no function. */
const FOR_PEOPLE = new Set(['console_scripts', 'gui_scripts', 'pytest11']);

/**
 * The modules that an `entry_points.txt` names, as `a/b`, with all packages above each
 * (https://packaging.python.org/en/latest/specifications/entry-points/).
 */
export function listEntryPoints(text: string): readonly string[] {
  let group = '';
  const modules = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, heading] = /^\s*\[\s*(.*?)\s*\]\s*$/.exec(line) ?? [];
    group = heading ?? group;
    const [, module] = /^[^#;[=]+=\s*([\w.]+)/.exec(line) ?? [];
    if (module === undefined || FOR_PEOPLE.has(group)) continue;
    const parts = module.split('.');
    for (const [index] of parts.entries()) modules.add(parts.slice(0, index + 1).join('/'));
  }
  return [...modules];
}
