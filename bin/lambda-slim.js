#!/usr/bin/env node
import { run } from '../dist/cli/run.js';

const { stdout, stderr, env } = process;
const controller = new AbortController();

/** The first signal lets the command clean up, the second does not wait for it. */
function stop() {
  if (controller.signal.aborted) process.exit(130);
  controller.abort();
}
process.on('SIGINT', stop).on('SIGTERM', stop);

/** A reader that went away, such as `head`, is no reason to complain. */
function ignoreClosedPipe(error) {
  if (error.code !== 'EPIPE') throw error;
}
stdout.on('error', ignoreClosedPipe);
stderr.on('error', ignoreClosedPipe);

const io = { cwd: process.cwd(), env, stdout, stderr, signal: controller.signal };
const code = await run(process.argv.slice(2), io);
process.exitCode = code === 2 && controller.signal.aborted ? 130 : code;
