/** A name of the user's as one harmless piece of a line: control characters, line ends and direction marks are written out. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, escapeCharacter);
}

/** The same for text of several lines, such as the output of another program. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map(line => printable(line.replaceAll('\t', '  ')))
    .join('\n');
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
