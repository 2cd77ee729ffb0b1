#!/usr/bin/env node
import { run } from '../dist/cli/run.js';

const { stdout, stderr, env } = process;
// The AWS SDK would print a warning about Node.js 20, which works.
env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const controller = new AbortController();

/** How long further signals after the first count as the same one, ms: npm hands on what the terminal sent already, and fingers are fast. */
const SAME_MS = 1000;
let stoppedAt = 0;

/** The first signal lets the command clean up, a later one does not wait for it. */
function stop() {
  if (!controller.signal.aborted) {
    stoppedAt = performance.now();
    controller.abort();
  } else if (performance.now() - stoppedAt > SAME_MS) process.exit(130);
}
process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);

/** A reader that went away, such as `head` or a closed terminal, is no reason to complain. */
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}
stdout.on('error', ignoreClosedPipe);
stderr.on('error', ignoreClosedPipe);

/** Only a person at a terminal can be asked. */
async function confirm(question) {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal: controller.signal })).trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
const canAsk = process.stdin.isTTY && stderr.isTTY;

const io = {
  cwd: process.cwd(),
  env,
  stdin: process.stdin,
  stdout,
  stderr,
  signal: controller.signal,
  ...(canAsk ? { confirm } : {}),
};
const code = await run(process.argv.slice(2), io);
process.exitCode = code === 2 && controller.signal.aborted ? 130 : code;
