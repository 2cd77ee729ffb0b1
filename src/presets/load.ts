import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SlimError } from '../errors.ts';
import { errnoOf } from '../util/fs.ts';
import { readOwnManifest } from '../util/own-manifest.ts';
import { compareCodeUnits, toPosix } from '../util/path.ts';
import { parseAlwaysKeep, parsePreset } from './parse-preset.ts';
import { packagesOf } from './presets-for.ts';
import type { Preset, PresetData, PresetLibrary } from './schema.ts';

export interface LoadOptions {
  /** Absolute paths of the user's own presets. */
  readonly userPaths?: readonly string[];
  /** Folder of the built-in presets; that of lambda-slim itself, if left out. */
  readonly dir?: string;
}

/** Reads the built-in presets and the user's. Throws `PRESET_INVALID` or `PRESET_UNREADABLE` with the name of the file. */
export async function loadPresets(options: LoadOptions = {}): Promise<PresetLibrary> {
  const dir = options.dir ?? join(readOwnManifest().root, 'presets');
  const builtIn = await Promise.all((await listPresetFiles(dir)).map(path => loadBuiltIn(dir, path)));
  const user = await Promise.all((options.userPaths ?? []).map(loadUserPreset));
  const keepFile = join(dir, 'always-keep.json');
  const byName = new Map([...builtIn, ...user].map(preset => [`${preset.ecosystem}/${preset.name}`, preset]));
  return {
    presets: [...byName.values()].sort((a, b) => compareCodeUnits(a.name, b.name)),
    alwaysKeep: parseAlwaysKeep(await readText(keepFile), keepFile),
  };
}

/** Reads one preset of the user. */
export async function loadUserPreset(path: string): Promise<Preset> {
  const data = parsePreset(await readText(path), path);
  return { ...data, name: nameOfPreset(data, path), file: path, user: true };
}

/** The package's name where a preset is for one package alone, else the name of its file. */
export function nameOfPreset(preset: Pick<PresetData, 'package'>, path: string): string {
  const [only, ...others] = packagesOf(preset);
  return only && others.length === 0 && !only.includes('*') ? only : basename(path, '.json');
}

async function loadBuiltIn(dir: string, path: string): Promise<Preset> {
  const data = parsePreset(await readText(join(dir, path)), path);
  const name = path.slice(path.indexOf('/') + 1, -'.json'.length);
  return { ...data, name, file: path, user: false };
}

/** Paths as `npm/@img/sharp.json`, sorted; the folder is the registry. */
async function listPresetFiles(dir: string): Promise<readonly string[]> {
  const found = await readdir(dir, { recursive: true });
  const files = found.map(toPosix).filter(path => path.includes('/') && path.endsWith('.json'));
  return files.sort(compareCodeUnits);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new SlimError('PRESET_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}
