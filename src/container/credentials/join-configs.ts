/**
 * Makes one ini file of several, as Python's configparser reads them one after the other: a section stands once, and of a setting the
 * last value counts, with the lines that belong to it. Comments go.
 */
export function joinConfigs(texts: readonly string[]): string {
  const sections = new Map<string, Map<string, string>>();
  for (const text of texts) {
    let section = new Map<string, string>();
    let setting: string | null = null;
    for (const line of text.split(/\r?\n/)) {
      const name = /^\[([^\]]+)\]/.exec(line)?.[1];
      const key = /^([A-Za-z][\w-]*)\s*[=:]/.exec(line)?.[1];
      if (name !== undefined) {
        section = sections.get(name) ?? new Map();
        sections.set(name, section);
        setting = null;
      } else if (key !== undefined) {
        setting = key;
        section.set(key, line);
      } else if (setting !== null && /^\s+[^\s#;]/.test(line)) {
        section.set(setting, `${section.get(setting)}\n${line}`);
      }
    }
  }
  return [...sections]
    .map(([name, settings]) => `[${name}]\n${[...settings.values()].join('\n')}\n`)
    .join('');
}
