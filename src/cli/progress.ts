import { SingleBar } from 'cli-progress';
import { formatBytes } from '../report/bytes.ts';
import { printable } from '../report/printable.ts';
import type { Progress } from '../types.ts';
import type { Out } from './io.ts';

/** Progress that has to be closed, so that a failed stage leaves no half-drawn line behind. */
export interface CliProgress extends Progress {
  close(): void;
}

export interface ProgressOptions {
  /** Redraw one line; else each stage prints its line when it is done. */
  readonly redraw: boolean;
  readonly now: () => number;
}

const TITLE_WIDTH = 22;

interface Stage {
  readonly title: string;
  readonly started: number;
  readonly bar: Bar | null;
}

interface Bar {
  add(amount: number): void;
  clear(): void;
}

/** Tells on stderr how far the build is: one line a stage, with its time and what came of it. */
export function makeProgress(stderr: Out, options: ProgressOptions): CliProgress {
  let stage: Stage | null = null;
  const end = (note: string): void => {
    if (!stage) return;
    stage.bar?.clear();
    const seconds = `${((options.now() - stage.started) / 1000).toFixed(1)} s`;
    stderr.write(
      `${`${stage.title.padEnd(TITLE_WIDTH)} ${seconds.padStart(8)}  ${printable(note)}`.trimEnd()}\n`,
    );
    stage = null;
  };
  return {
    start(title, total) {
      end('');
      stage = {
        title: printable(title),
        started: options.now(),
        bar: options.redraw ? drawBar(title, total) : null,
      };
    },
    tick: amount => stage?.bar?.add(amount),
    done: note => end(note ?? ''),
    close: () => end('stopped'),
    say(line) {
      // A line would stand in the middle of the bar; where lines come, they are progress enough.
      stage?.bar?.clear();
      if (stage) stage = { ...stage, bar: null };
      stderr.write(`${printable(line)}\n`);
    },
  };

  function drawBar(title: string, total: number | undefined): Bar {
    return makeBar(stderr, printable(title), total ?? 0);
  }
}

/** A bar where the amount of work is known, else the amount that is done. Its library must not catch our signals. */
function makeBar(stderr: Out, title: string, total: number): Bar {
  const known = `${title.padEnd(TITLE_WIDTH)} [{bar}] {percentage}%`;
  const bar = new SingleBar({
    stream: stderr as NodeJS.WritableStream,
    format: total > 0 ? known : `${title.padEnd(TITLE_WIDTH)} {amount}`,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let done = 0;
  bar.start(total || 1, 0, { amount: '...' });
  return {
    add(amount) {
      done += amount;
      bar.update(total > 0 ? Math.min(done, total) : 0, { amount: formatBytes(done) });
    },
    clear: () => bar.stop(),
  };
}
