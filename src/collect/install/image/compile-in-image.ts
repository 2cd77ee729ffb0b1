/**
 * Compiles the packages in the current folder inside an image, with the Node.js of it and nothing else:
 * `node compile-in-image.mjs <request.json>`. Install scripts are code of strangers that can read whatever this process was given, so it
 * is run without credentials. This file is copied there alone, so it imports nothing of the house.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** What is asked of it. */
export interface ImageRequest {
  /** Of the runtime: `nodejs22.x` and `22`. */
  readonly runtime: string;
  readonly major: string;
  /** Starts the command that runs the install scripts of packages; their names follow. */
  readonly rebuild: readonly string[];
  /** Packages whose scripts run in any case. */
  readonly scripts: readonly string[];
  /** Folders of packages that belong to the project, to which managers only link. */
  readonly addons: readonly string[];
}

const request: ImageRequest = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const root = process.cwd();
const env = { ...process.env, ...findHeaders() };

checkVersion();
const packages = [...new Set([...request.scripts, ...listCompiled(root)])];
if (packages.length > 0) run([...request.rebuild, ...packages]);
tidy(root);
for (const folder of request.addons) compileAddon(join(root, folder));

function run([program = '', ...args]: readonly string[], cwd = root): void {
  console.log(`$ ${[program, ...args].join(' ')}`);
  const { status, error, signal } = spawnSync(program, args, { stdio: 'inherit', env, cwd });
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
  for (const folder of walk(dir))
    if (isPackage(folder) && existsSync(join(folder, 'binding.gyp'))) tidyPackage(folder);
}

function tidyPackage(folder: string): void {
  for (const name of ['build/node_gyp_bins', 'build/Release/obj.target', 'build/Release/.deps'])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** Compiles a package of the project as npm would, and makes it one such as others: a folder in node_modules, in place of each link to it. */
function compileAddon(folder: string): void {
  const links = [...findLinks(root)].filter(link => resolve(dirname(link), readlinkSync(link)) === folder);
  const { scripts, gypfile } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (links.length === 0) return;
  if (scripts?.install) run(['npm', 'run', 'install'], folder);
  else if (gypfile !== false) run(['npm', 'exec', '--call', 'node-gyp rebuild'], folder);
  tidyPackage(folder);
  for (const link of links) {
    rmSync(link);
    copy(folder, link);
  }
}

/** The links in every node_modules, those of a scope too. */
function* findLinks(dir: string): Generator<string> {
  for (const folder of walk(dir)) {
    const parent = basename(folder).startsWith('@') ? dirname(folder) : folder;
    if (basename(parent) !== 'node_modules') continue;
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isSymbolicLink()) yield join(folder, entry.name);
  }
}

/** Links lead where they led. */
function copy(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copy(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(relative(to, resolve(from, readlinkSync(source))), target);
    else copyFileSync(source, target);
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
