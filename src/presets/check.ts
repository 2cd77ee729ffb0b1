import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { valid } from 'semver';
import { SlimError } from '../errors.ts';
import { ARCHS, type Arch, type Platform } from '../types.ts';
import { errnoOf, orNull } from '../util/fs.ts';
import { isCovered } from './is-covered.ts';
import { type ListedFile, parseListing } from './listing.ts';
import { loadPresets, loadUserPreset } from './load.ts';
import { planPackage } from './plan-package.ts';
import { listFiles } from './record.ts';
import type { KeepRule, Preset } from './schema.ts';

/** What one rule takes from a listing for one CPU. */
export interface RuleCheck {
  readonly id: string;
  readonly files: number;
  readonly bytes: number;
}

export interface ArchCheck {
  readonly arch: Arch;
  readonly rules: readonly RuleCheck[];
  readonly keptFiles: number;
  readonly keptBytes: number;
  /** Files that a rule of the preset would take and a keep glob holds. */
  readonly sparedFiles: number;
}

export interface PresetCheck {
  readonly preset: string;
  /** Where the files were listed: a listing or a package folder. */
  readonly source: string;
  /** Version of the package; null where the source does not tell. */
  readonly version: string | null;
  readonly archs: readonly ArchCheck[];
  /** In words: rules that match nothing for any CPU, and a version outside of the preset's range. */
  readonly warnings: readonly string[];
}

/**
 * Tries a preset on a listing (`<bytes> <path>` lines) or a package folder, for both CPUs. Rules of caution run too.
 * Throws `PRESET_INVALID`, `PRESET_UNREADABLE`, `LISTING_INVALID` or `INPUT_UNREADABLE`.
 */
export async function checkPreset(
  presetPath: string,
  listingPathOrDir: string,
  platform: Platform,
): Promise<PresetCheck> {
  const preset = await loadUserPreset(presetPath);
  const { files, version } = await readSource(listingPathOrDir);
  const { alwaysKeep } = await loadPresets();
  const check = (arch: Arch): ArchCheck =>
    checkArch(preset, files, version, alwaysKeep, { ...platform, arch });
  const archs = ARCHS.map(check);
  const warnings = [...findIdle(archs), ...findUntested(preset, version)];
  return { preset: preset.name, source: listingPathOrDir, version, archs, warnings };
}

/** A listing does not say what a trace reaches or a config declares, so rules that ask are tried as if there were nothing they mind. */
function checkArch(
  preset: Preset,
  files: readonly ListedFile[],
  version: string | null,
  alwaysKeep: readonly KeepRule[],
  platform: Platform,
): ArchCheck {
  const unversioned = version === null ? { versions: '*' } : {};
  const rules = preset.rules.map(({ reached: _, ...rule }) => ({ ...rule, ...unversioned }));
  const plan = planPackage(
    files.map(({ path }) => ({ path, reached: false, pinnedBy: null })),
    {
      version: version ?? '',
      presets: [{ ...preset, rules, ...unversioned }],
      alwaysKeep,
      switches: { level: 'bold', disable: [], enable: [] },
      platform,
      declared: { awsServices: [] },
      present: new Set(),
    },
  );
  const taken = files.filter(({ path }) => plan.removals.has(path));
  const taking = preset.rules.map(({ id }) => {
    const mine = taken.filter(({ path }) => plan.removals.get(path)?.id === `${preset.name}/${id}`);
    return { id, files: mine.length, bytes: sum(mine) };
  });
  return {
    arch: platform.arch,
    rules: taking,
    keptFiles: files.length - taken.length,
    keptBytes: sum(files) - sum(taken),
    sparedFiles: plan.spared.size,
  };
}

function findIdle(archs: readonly ArchCheck[]): readonly string[] {
  const ids = archs[0]?.rules.map(({ id }) => id) ?? [];
  const takes = (id: string): boolean =>
    archs.some(({ rules }) => rules.some(rule => rule.id === id && rule.files > 0));
  return ids.filter(id => !takes(id)).map(id => `The rule "${id}" matches nothing here.`);
}

function findUntested(preset: Preset, version: string | null): readonly string[] {
  if (version === null || isCovered(version, preset.versions, preset.ecosystem)) return [];
  return [`Version ${version} is outside of "${preset.versions}": only rules with "when" apply.`];
}

interface PackageSource {
  readonly files: readonly ListedFile[];
  readonly version: string | null;
}

/** A fixture's listing lies in a folder named after the version. */
async function readSource(path: string): Promise<PackageSource> {
  try {
    if ((await stat(path)).isDirectory())
      return { files: await listFiles(path), version: await readVersion(path) };
    const files = parseListing(await readFile(path, 'utf8'), path);
    return { files, version: valid(basename(dirname(path))) };
  } catch (error) {
    if (error instanceof SlimError) throw error;
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  }
}

async function readVersion(dir: string): Promise<string | null> {
  const text = await orNull(readFile(join(dir, 'package.json'), 'utf8'));
  const manifest: Readonly<Record<string, unknown>> = text === null ? {} : JSON.parse(text);
  return valid(String(manifest.version));
}

function sum(files: readonly ListedFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
