import type { Reply } from './types.ts';

/** A tree of elements: a text, members by name, or a list of elements of the same name. */
export type Xml = string | number | boolean | { readonly [name: string]: Xml | readonly Xml[] | undefined };

function toXml(tree: Readonly<Record<string, Xml | readonly Xml[] | undefined>>): string {
  return Object.entries(tree)
    .flatMap(([name, value]) => [value ?? []].flat().map(item => `<${name}>${inside(item as Xml)}</${name}>`))
    .join('');
}

function inside(value: Xml): string {
  return typeof value === 'object' ? toXml(value as Record<string, Xml>) : escapeXml(String(value));
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&');
}

export function xml(status: number, tree: Readonly<Record<string, Xml | readonly Xml[] | undefined>>): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(tree)}`,
  };
}
