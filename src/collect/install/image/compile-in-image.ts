/**
 * Compiles the packages in the current folder inside an image, with the Node.js of it and nothing else:
 * `node compile-in-image.mjs <request.json>`. This file is copied there alone, so it imports nothing of the house.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is asked of it. */
export interface ImageRequest {
  /** Of the runtime: `nodejs22.x` and `22`. */
  readonly runtime: string;
  readonly major: string;
  /** Starts the command that runs the install scripts of packages; their names follow. */
  readonly rebuild: readonly string[];
  /** Packages whose scripts run in any case. */
  readonly scripts: readonly string[];
  /** A folder and variables that scripts are not to see. */
  readonly secrets: string;
  readonly secretVariables: readonly string[];
}

/** Settings of npm that nobody else is to know. */
const SECRET_LINE = /^.*(?:_auth|_password|username|key|cert)\w*\s*=.*$/gim;

const request: ImageRequest = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const root = process.cwd();
const env = { ...process.env, ...findHeaders() };

checkVersion();
forgetSecrets();
const packages = [...new Set([...request.scripts, ...listCompiled(root)])];
if (packages.length > 0) run([...request.rebuild, ...packages]);
tidy(root);

function run([program = '', ...args]: readonly string[]): void {
  console.log(`$ ${[program, ...args].join(' ')}`);
  const { status, error, signal } = spawnSync(program, args, { stdio: 'inherit', env });
  if (status === 0) return;
  if (error) console.error(`${program}: ${error.message}`);
  if (signal) console.error(`${program}: ended by ${signal}`);
  process.exit(status ?? 1);
}

/** What is compiled for another Node.js would not load. */
function checkVersion(): void {
  const [major] = process.versions.node.split('.');
  if (major === request.major) return;
  console.error(`The image has Node.js ${process.version}, but ${request.runtime} runs ${request.major}.`);
  process.exit(1);
}

/** The headers that came with this Node.js, where they did; node-gyp would else fetch them. */
function findHeaders(): Readonly<Record<string, string>> {
  const prefix = dirname(dirname(process.execPath));
  const file = join(prefix, 'include/node/node_version.h');
  if (process.env.npm_config_nodedir !== undefined || !existsSync(file)) return {};
  const text = readFileSync(file, 'utf8');
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(part => readNumber(text, `NODE_${part}_VERSION`));
  return parts.join('.') === process.versions.node ? { npm_config_nodedir: prefix } : {};
}

function readNumber(text: string, name: string): string | undefined {
  return new RegExp(`#define ${name} (\\d+)`).exec(text)?.[1];
}

/** Install scripts are code of strangers. */
function forgetSecrets(): void {
  for (const name of request.secretVariables) delete env[name as keyof typeof env];
  for (const name of existsSync(request.secrets) ? readdirSync(request.secrets) : []) {
    const file = join(request.secrets, name);
    // What says where packages come from stays; the folder is not ours, so nothing can be removed.
    const settings = name === 'npmrc' ? readFileSync(file, 'utf8').replace(SECRET_LINE, '') : '';
    if (!name.endsWith('.pem')) writeFileSync(file, settings);
  }
}

/** Names of the packages that node-gyp compiles. */
function listCompiled(dir: string): readonly string[] {
  const names: string[] = [];
  for (const folder of walk(dir)) {
    if (!isPackage(folder) || !existsSync(join(folder, 'binding.gyp'))) continue;
    const { name, gypfile } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (typeof name === 'string' && gypfile !== false) names.push(name);
  }
  return names.sort();
}

/** Of what node-gyp leaves, all but the modules: the rest is big, and has links to programs of the image. */
function tidy(dir: string): void {
  for (const folder of walk(dir)) {
    if (!isPackage(folder) || !existsSync(join(folder, 'binding.gyp'))) continue;
    for (const name of ['build/node_gyp_bins', 'build/Release/obj.target', 'build/Release/.deps'])
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isPackage(folder: string): boolean {
  return /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+$/.test(folder);
}

/** Every real folder below one. */
function* walk(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    yield join(dir, entry.name);
    yield* walk(join(dir, entry.name));
  }
}
