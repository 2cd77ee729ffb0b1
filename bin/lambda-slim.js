#!/usr/bin/env node
import { run } from '../dist/cli/run.js';

const { stdout, stderr, env } = process;
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

/** A reader that went away, such as `head`, is no reason to complain. */
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE') throw error;
}
stdout.on('error', ignoreClosedPipe);
stderr.on('error', ignoreClosedPipe);

const io = { cwd: process.cwd(), env, stdout, stderr, signal: controller.signal };
const code = await run(process.argv.slice(2), io);
process.exitCode = code === 2 && controller.signal.aborted ? 130 : code;
