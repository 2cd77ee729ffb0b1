import { normalizeName } from './names.ts';

/** A requirement of PEP 508 taken apart. */
export interface ParsedRequirement {
  /** Normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** `>=1,<2`; empty for any version, and where there is a `url`. */
  readonly specifiers: string;
  readonly url: string | null;
  readonly marker: string | null;
}

const NAMED = /^([A-Za-z\d](?:[\w.-]*[A-Za-z\d])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;

/** Reads `name[extra]>=1; marker` and `name @ url ; marker`; null for what is neither. */
export function parseRequirement(text: string): ParsedRequirement | null {
  const [, name, extras = '', rest = ''] = NAMED.exec(text.trim()) ?? [];
  if (name === undefined || !/^(?:$|[<>=!~(;@])/.test(rest)) return null;
  const isUrl = rest.startsWith('@');
  // In a URL a semicolon may stand for itself; the one before a marker has a space in front.
  const [, body = '', marker] =
    (isUrl ? /^@\s*(\S+)\s*(?:;(.*))?$/s : /^([^;]*)(?:;(.*))?$/s).exec(rest) ?? [];
  if (isUrl && body === '') return null;
  return {
    name: normalizeName(name),
    extras: extras
      .split(',')
      .map(extra => extra.trim())
      .filter(Boolean),
    specifiers: isUrl ? '' : body.replace(/[()\s]/g, ''),
    url: isUrl ? body : null,
    marker: marker?.trim() ?? null,
  };
}

/** `[a,b]`, or nothing without extras. */
export function formatExtras(extras: readonly string[]): string {
  return extras.length > 0 ? `[${extras.join(',')}]` : '';
}
