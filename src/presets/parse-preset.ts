import { Range } from 'semver';
import type { z } from 'zod';
import { SlimError } from '../errors.ts';
import { isSpecifierSet } from '../python/versions.ts';
import type { Ecosystem } from '../types.ts';
import { declaredVariables, expandGlob, variablesOf } from './expand-glob.ts';
import { isKind } from './presets-for.ts';
import { alwaysKeepSchema, type KeepRule, type PresetData, presetSchema, type Rule } from './schema.ts';

/** Turns the text of a preset into a checked value; `PRESET_INVALID` names the file and everything that is wrong with it. */
export function parsePreset(text: string, file: string): PresetData {
  const preset = parse(text, file, presetSchema);
  const problems = findProblems(preset);
  if (problems.length > 0) throw new SlimError('PRESET_INVALID', [file, problems]);
  return preset;
}

/** Turns the text of `always-keep.json` into its rules. */
export function parseAlwaysKeep(text: string, file: string): readonly KeepRule[] {
  return parse(text, file, alwaysKeepSchema).keep;
}

function parse<T extends z.ZodType>(text: string, file: string, schema: T): z.infer<T> {
  const result = schema.safeParse(parseJson(text, file));
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new SlimError('PRESET_INVALID', [file, problems]);
}

function parseJson(text: string, file: string): unknown {
  try {
    // Editors on Windows write a byte order mark, which JSON.parse refuses.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlimError('PRESET_INVALID', [file, [reason]], { cause: error });
  }
}

/** What a schema cannot say: rules that contradict each other, unknown variables, impossible ranges. */
function findProblems(preset: PresetData): readonly string[] {
  const ids = [
    ...preset.rules.map(({ id }) => id),
    ...(preset.platformPackages ? [preset.platformPackages.id] : []),
  ];
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  // A tracer follows computed paths to the binary of the host it runs on; only the target's own, lying beside, outweighs that.
  const isGuarded = (rule: Rule): boolean => rule.when?.some(glob => /\$\{os\}-/.test(glob)) ?? false;
  const overTrace = isKind(preset) ? preset.rules.filter(rule => rule.overTrace && !isGuarded(rule)) : [];
  const ranges = [preset.versions, ...preset.rules.flatMap(({ versions }) => versions ?? [])];
  return [
    ...twice.map(id => `rules: there are two rules "${id}"`),
    ...overTrace.map(
      ({ id }) =>
        `rules: "${id}" is for any package and must not take what the trace reaches, unless "when" asks for the target's own binary`,
    ),
    ...ranges
      .filter(range => !isRange(range, preset.ecosystem))
      .map(range => `versions: "${range}" is not a range of versions`),
    ...unknownVariables(preset).map(name => `\${${name}} is not a variable`),
    ...(preset.external && preset.bundle ? ['external: contradicts bundle'] : []),
  ];
}

function isRange(text: string, ecosystem: Ecosystem): boolean {
  if (text === '*') return true;
  if (ecosystem === 'pypi') return isSpecifierSet(text);
  try {
    return new Range(text).range.length >= 0;
  } catch {
    return false;
  }
}

/** Names of variables are the same for all. */
const ANY_PLATFORM = {
  os: 'linux',
  arch: 'x64',
  libc: 'glibc',
  runtime: { language: 'nodejs', version: '24' },
} as const;

function unknownVariables(preset: PresetData): readonly string[] {
  const variables = variablesOf(ANY_PLATFORM, preset.variables);
  const texts = [
    ...preset.rules.flatMap(({ remove, except, when, reached, declared }) => [
      ...remove,
      ...(except ?? []).map(glob => expandGlob(glob, declared ? declaredVariables({ [declared]: [] }) : {})),
      ...(when ?? []),
      ...(reached?.some ?? []),
      ...(reached?.none ?? []),
    ]),
    ...preset.keep.map(keep => keep.glob),
    ...(preset.platformPackages?.target ?? []),
  ];
  const left = texts.flatMap(text => [...expandGlob(text, variables).matchAll(/\$\{(\w*)\}/g)]);
  return [...new Set(left.map(match => match[1] ?? ''))];
}
