/** Breaks text at spaces so that no line is longer than `columns`, each line after `indent`; a long word stays whole. */
export function wrapText(text: string, columns: number, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(/ +/)) {
      if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
        lines.push(indent + line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(indent + line);
  }
  return lines;
}

/** Rows with aligned columns; `right` says which columns hold numbers. */
export function formatTable(
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
  indent = '  ',
): readonly string[] {
  const widths = right.map((_, column) => Math.max(0, ...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return right[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    return (indent + cells.join('  ')).trimEnd();
  });
}

/** Shortens a name in its middle to `width` characters, since both its ends tell the most. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.ceil((width - 3) / 2);
  return `${text.slice(0, head)}...${text.slice(text.length - (width - 3 - head))}`;
}

/** Lines as the text of a report. */
export function joinLines(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
