import pc from 'picocolors';

/** How a report may look: a terminal's width, whether it shows colours and block characters. */
export interface Style {
  readonly columns: number;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly bar: { readonly full: string; readonly empty: string };
}

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

const DEFAULT_COLUMNS = 80;
const MAX_COLUMNS = 100;

/** Chooses the looks for a stream; what is no terminal gets plain ASCII without colours. */
export function chooseStyle(stream: Terminal, env: Env): Style {
  const isTerminal = stream.isTTY === true && !env.CI;
  return {
    columns: Math.max(40, Math.min(stream.columns || DEFAULT_COLUMNS, MAX_COLUMNS)),
    colors: pc.createColors(isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'),
    bar: isTerminal ? { full: '█', empty: '░' } : { full: '#', empty: '.' },
  };
}

/** What files and pipes get. */
export const PLAIN_STYLE: Style = chooseStyle({}, {});
