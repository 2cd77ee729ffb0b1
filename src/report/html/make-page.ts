import { createHash } from 'node:crypto';
import { escapeHtml } from '../escape-html.ts';
import type { PageData } from './page-types.ts';

/** The script and the style of the page, as the package ships them. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** One file of HTML that loads nothing; the browser runs no script but ours, whatever the paths in `data` are. */
export function makePage(data: PageData, { script, style }: PageAssets): string {
  const title = `${data.subjects.map(({ name }) => name).join(data.mode === 'compare' ? ' → ' : ', ')} · lambda-slim`;
  const policy = `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript><p>This report draws itself with a script of its own, which this browser does not run. The data is in the source of the page, as JSON.</p></noscript>
<script type="application/json" id="data">${toScriptJson(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that ends no script element and starts no comment: `<` can stand in strings only, and is written out there. */
export function toScriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
