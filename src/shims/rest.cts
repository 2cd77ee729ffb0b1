// lambda-slim took out of this function what no test run needed. This file, which lambda-slim put here, lets Node.js find what
// turns out to be needed after all: it fetches each such file once and says so on stderr, for the next build. rest.json beside it
// names them. They are looked for in the layer /opt/lambda-slim-rest, or where LAMBDA_SLIM_REST says: a folder, s3://bucket/key
// or https://… Threads and processes that the function starts load this file as well.
import follow = require('./follow.cts');
import dlopen = require('./rest-dlopen.cts');
import files = require('./rest-fs.cts');
import imports = require('./rest-modules.cts');

const mark = Symbol.for(`lambda-slim rest ${__dirname}`);
const marks = process as unknown as Record<symbol, boolean>;
if (!marks[mark]) {
  marks[mark] = true;
  files.install();
  imports.install();
  dlopen.install();
  follow.follow(__filename);
}
