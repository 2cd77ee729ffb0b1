import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { exists, orNull } from '../../util/fs.ts';
import { toPosix } from '../../util/path.ts';

const CODE = new Set(['.ts', '.mts', '.cts', '.tsx', '.jsx', '.js', '.mjs', '.cjs']);

/** True for the names of JavaScript and TypeScript. */
export function isCode(path: string): boolean {
  return CODE.has(extname(path));
}

/** True for the names of TypeScript and JSX, which Node does not run as they are; declarations are neither. */
export function isUncompiled(path: string): boolean {
  return /\.(?:[cm]?ts|tsx|jsx)$/.test(path) && !isDeclaration(path);
}

export function isDeclaration(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path);
}

/** Words without which code names no file by its path. */
const NAMES_FILES =
  /\b(?:__dirname|__filename|import\.meta|LAMBDA_TASK_ROOT|process|cwd|fs|\w*(?:[rR]ead|[lL]oad|[oO]pen|[sS]tat|[sS]end)\w*|Worker|fork|spawn)\b|\/var\/task/;

/** The code of a file of the user as plain JavaScript whose paths a tracer can follow; null where it names none. */
export async function readPlainCode(file: string, base: string): Promise<string | null> {
  const code = await orNull(readFile(file, 'utf8'));
  if (code === null || !NAMES_FILES.test(code)) return null;
  // What does not parse is told by the bundler, where it matters.
  const plain = (await compile(file, code)) ?? code;
  const told = await fromWorkingFolder(tellPaths(plain), base, toPosix(relative(dirname(file), base)));
  return (await compile('told.js', told)) ?? plain;
}

async function compile(file: string, code: string): Promise<string | null> {
  const { transform } = await import('esbuild');
  const loader = /\.[cm]?tsx?$/.test(file) ? (file.endsWith('x') ? 'tsx' : 'ts') : 'jsx';
  const compiled = transform(code, { loader, target: 'node20', logLevel: 'silent' });
  return compiled.then(
    result => result.code,
    () => null,
  );
}

/** Writes paths in the one way that the tracer understands. */
function tellPaths(code: string): string {
  return code
    .replaceAll('import.meta.dirname', '__dirname')
    .replaceAll('import.meta.filename', '__filename')
    .replaceAll(TASK_ROOT, 'process.cwd()')
    .replaceAll(STRING, string => PLACEHOLDER.exec(string)?.slice(1).join('') ?? string)
    .replaceAll(/(["'`])\/var\/task\/?/g, 'process.cwd() + $1/');
}

/** The root of the artifact as Lambda names it, with what stands in for it elsewhere. */
const TASK_ROOT =
  /\bprocess\.env(?:\.LAMBDA_TASK_ROOT\b|\[(["'])LAMBDA_TASK_ROOT\1\])(?:\s*(?:\?\?|\|\|)\s*(?:process\.cwd\(\)|__dirname|["'][^"'\n]*["']))?/g;

const STRING = /"(?:[^"\\\n]|\\.){1,300}"|'(?:[^'\\\n]|\\.){1,300}'/g;

/** A string such as "locales/{{lng}}/{{ns}}.json": the folder in front of what is filled in at run time. */
const PLACEHOLDER = /^(["'][^{$%:]+)\/[^/{$%:]*(?:\{|\$\{|%s|:[a-z]).*(["'])$/;

/** The first string that a call is given, other than a call that names a module. */
const FIRST_STRING = /(?<!\b(?:require|import|resolve|join|URL)\s*)\(\s*(["'`])((?!\/)[^"'`\n\\$]{2,200})\1/g;

/** Relative paths that exist are seen from the working folder, which on Lambda is the root of the artifact. */
async function fromWorkingFolder(code: string, base: string, up: string): Promise<string> {
  const paths = new Set([...code.matchAll(FIRST_STRING)].map(match => match[2] as string));
  const present = new Set<string>();
  for (const path of paths) {
    if (/^\.{0,2}\/|[./]/.test(path) && !path.includes('\0') && (await exists(join(base, path))))
      present.add(path);
  }
  return code.replaceAll(FIRST_STRING, (call, quote: string, path: string) =>
    present.has(path) ? `(__dirname + ${quote}/${up}/${path}${quote}` : call,
  );
}
