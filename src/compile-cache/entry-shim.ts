import { posix } from 'node:path';

export interface ShimFacts {
  /** Path of the bundle in the artifact; the shim lies in the same folder. */
  readonly bundle: string;
  /** The export that Lambda asks for, without what is nested in it. */
  readonly exported: string;
  readonly cacheFolder: string;
}

/**
 * Node.js looks for caches in a folder named after its version, CPU, flags and user, and makes it where it is missing. The
 * function's code is read-only and its user unknown, so that folder is made under the temporary folder and then becomes a link
 * to the cache in the artifact. Whatever fails here only leaves the cache unused.
 *
 * V8 takes a cache only from the same flags, and Lambda starts Node.js with a heap size by the memory setting and with
 * --expose-gc (parcel-bundler/parcel#9398). Those matter when the process starts only: they are put back to their defaults while
 * the bundle loads, which also lets Node.js use the cache of its own built-in modules.
 */
const OPEN = `
const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\\s+/)]
  .filter(flag => /^--(expose[-_]gc|max[-_](old|semi)[-_]space[-_]size=\\d+)$/.test(flag));
const restore = () => flags.forEach(flag => v8.setFlagsFromString(flag));
try {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'compile-cache-'));
  module.enableCompileCache(base);
  const folder = path.join(base, fs.readdirSync(base)[0]);
  fs.rmdirSync(folder);
  fs.symlinkSync(cache, folder);
  for (const flag of flags) v8.setFlagsFromString(flag.includes('=') ? flag.replace(/=.*/, '=0') : '--no-expose-gc');
} catch {}
`;

/** Code of the module that takes the bundle's place: switches the compile cache on, then loads the bundle. */
export function makeEntryShim(facts: ShimFacts): string {
  return facts.bundle.endsWith('.mjs') ? makeEsShim(facts) : makeCommonJsShim(facts);
}

function makeEsShim({ bundle, exported, cacheFolder }: ShimFacts): string {
  const cache = JSON.stringify(posix.relative(posix.dirname(bundle), cacheFolder));
  const name = JSON.stringify(exported);
  return `import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
const cache = fileURLToPath(new URL(${cache}, import.meta.url));
${OPEN}
const bundle = await import(${JSON.stringify(`./${posix.basename(bundle)}`)}).finally(restore);
const exported = bundle[${name}] ?? bundle.default?.[${name}];
export { exported as ${name} };
`;
}

function makeCommonJsShim({ bundle, cacheFolder }: ShimFacts): string {
  const cache = JSON.stringify(posix.relative(posix.dirname(bundle), cacheFolder));
  return `'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const cache = path.join(__dirname, ${cache});
${OPEN.replace('module.enable', "require('node:module').enable")}
try {
  module.exports = require(${JSON.stringify(`./${posix.basename(bundle)}`)});
} finally {
  restore();
}
`;
}
