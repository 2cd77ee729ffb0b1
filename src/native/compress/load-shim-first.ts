import { posix } from 'node:path';

/** What may stand before a directive: a hashbang line, white space, comments. */
const BEFORE = /^(?:#!.*\n)?(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*/;
const STRICT = /^(?:'use strict'|"use strict")[ \t]*(?:;|(?=\r?\n|$))/;

/**
 * The code of a bundle that loads the shim before anything else. No line is added, so a source map keeps its lines; ES modules
 * are evaluated in the order of their imports.
 */
export function loadShimFirst(code: string, bundle: string, shim: string): string {
  const from = posix.relative(posix.dirname(bundle), shim);
  const specifier = JSON.stringify(from.startsWith('../') ? from : `./${from}`);
  if (!bundle.endsWith('.cjs')) {
    const [hashbang] = /^(?:#!.*\n)?/.exec(code) ?? [''];
    return `${hashbang}import ${specifier};${code.slice(hashbang.length)}`;
  }
  const [before] = BEFORE.exec(code) ?? [''];
  const [strict] = STRICT.exec(code.slice(before.length)) ?? [''];
  // A directive counts only as long as nothing stands before it.
  const at = strict === '' ? (/^(?:#!.*\n)?/.exec(code) ?? [''])[0].length : before.length + strict.length;
  const separator = strict === '' || strict.endsWith(';') ? '' : ';';
  return `${code.slice(0, at)}${separator}require(${specifier});${code.slice(at)}`;
}
