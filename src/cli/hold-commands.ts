import type { Io, Out } from './io.ts';

/** What GitHub's runner takes for a command to itself at the beginning of a line, whoever's words they are. */
const COMMAND = /(^|[\n\r])([^\S\n\r]*)(?::(?=:)|#(?=#\[))/g;

/** Breaks up lines of output that a CI would run: names in artifacts, templates and baselines are anybody's. */
export function holdCommands(text: string): string {
  return text.replace(COMMAND, (found, start: string, blanks: string) => {
    const mark = found.at(-1) === ':' ? '\\u{3a}' : '\\u{23}';
    return `${start}${blanks}${mark}`;
  });
}

/** On GitHub, what people read there; the format `github` says its commands on stdout itself. */
export function holdOutputs(io: Io, format: string): Io {
  if (!io.env.GITHUB_ACTIONS && format !== 'github') return io;
  return { ...io, stderr: hold(io.stderr), stdout: format === 'github' ? io.stdout : hold(io.stdout) };
}

function hold(out: Out): Out {
  return {
    write: text => out.write(holdCommands(text)),
    ...(out.isTTY === undefined ? {} : { isTTY: out.isTTY }),
    ...(out.columns === undefined ? {} : { columns: out.columns }),
  };
}
