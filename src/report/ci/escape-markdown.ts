import { escapeHtml } from '../escape-html.ts';
import { printable } from '../printable.ts';

/** Characters that mean something to Markdown, or start a mention or a reference to an issue. */
const SPECIAL = /[\\`*_[\]#|~$]/g;
const ZERO_WIDTH = '&#8203;';

/** Text, some of it of unknown origin, as a piece of a line of Markdown; what stands in backticks becomes code. */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .split(/`([^`]+)`/)
    .map((part, i) => (i % 2 === 1 ? codeOf(part) : escapePlain(part)))
    .join('');
}

/** A name as code, in which nothing is a link, a mention or mark-up. */
export function codeOf(text: string): string {
  return `<code>${toEntities(printable(text))}</code>`;
}

/** Lines to paste, as they are. */
export function preOf(lines: readonly string[]): string {
  return `<pre>${lines.map(line => toEntities(printable(line))).join('&#10;')}</pre>`;
}

function escapePlain(text: string): string {
  return toEntities(text).replaceAll('&#64;', `&#64;${ZERO_WIDTH}`).replaceAll('&#35;', `&#35;${ZERO_WIDTH}`);
}

/** HTML's own characters first, so that no entity is escaped twice. */
function toEntities(text: string): string {
  return text
    .split(/([&<>"'])/)
    .map((part, i) =>
      i % 2 === 1 ? escapeHtml(part) : part.replace(SPECIAL, toEntity).replaceAll('@', '&#64;'),
    )
    .join('');
}

function toEntity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
