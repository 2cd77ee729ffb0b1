import type { DiscoveredFunction, Discovery } from './discover-functions.ts';

export const CONFIG_FORMATS = ['ts', 'js', 'json'] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

/** The text of a new config for what was discovered; `ts` and `js` carry comments, JSON cannot. */
export function formatConfig(discovery: Discovery, format: ConfigFormat): string {
  return format === 'json' ? formatJson(discovery) : formatModule(discovery, format);
}

function formatJson(discovery: Discovery): string {
  const { runtime, arch } = discovery;
  const config = { runtime, arch, ...toFunctions(discovery.functions) };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function toFunctions(functions: readonly DiscoveredFunction[]) {
  const [only, ...others] = functions.map(({ entry, handler }) => ({
    entry,
    ...(handler ? { handler } : {}),
  }));
  if (others.length === 0) return only;
  const names = nameFunctions(functions);
  return { functions: Object.fromEntries([only, ...others].map((fn, i) => [names[i], fn])) };
}

/** File names where they tell functions apart, else whole paths. */
function nameFunctions(functions: readonly DiscoveredFunction[]): readonly string[] {
  const stems = functions.map(({ entry }) => entry.replace(/\.\w+$/, ''));
  const short = stems.map(stem => toName(stem.slice(stem.lastIndexOf('/') + 1)));
  const isTold = new Set(short.map(name => name.toLowerCase())).size === short.length;
  return isTold ? short : stems.map(toName);
}

function toName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9_]+/, '') || 'function';
}

function formatModule(discovery: Discovery, format: 'ts' | 'js'): string {
  const functions = JSON.stringify(toFunctions(discovery.functions), null, 2).split('\n').slice(1, -1);
  const head = format === 'ts' ? `import { defineConfig } from 'lambda-slim';\n\n` : '';
  const [open, close] = format === 'ts' ? ['defineConfig({', '})'] : ['{', '}'];
  return `${head}export default ${open}
${functions.map(unquoteKey).join('\n')},

  // What the function runs on. The machine that builds does not matter.
  runtime: '${discovery.runtime}',
  arch: '${discovery.arch}', // or '${discovery.arch === 'x64' ? 'arm64' : 'x64'}'
${OPTIONS}${close};
`;
}

/** `"entry": "src/a.ts"` as it is written in a module. */
function unquoteKey(line: string): string {
  return line.replace(/^(\s*)"([A-Za-z_]\w*)":/, '$1$2:').replace(/"([^"'\\]*)"/g, "'$1'");
}

const OPTIONS = `
  // Files that go in as they are: globs, relative to the folder of package.json.
  // include: ['model/**'],
  // exclude: ['**/*.test.*'],

  // Packages that are never bundled.
  // external: ['some-package'],

  // bundle: { minify: true, sourcemap: false },

  // 'bold' also runs the rules that ask for caution; see them with \`lambda-slim plan --level bold\`.
  // level: 'safe',

  // Paths in the artifact that no rule may remove; \`lambda-slim why <path>\` says which rule would.
  // keep: ['node_modules/some-package/data/**'],

  // Packages whose install scripts may run.
  // install: { scripts: ['some-package'] },

  // 'fast', 'best' or 'max'.
  // compress: 'best',

  // out: 'lambda-slim-out',
`;
