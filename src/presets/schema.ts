import { z } from 'zod';

const why = z.string().trim().min(10, 'say why in a sentence');
const packageName = z
  .string()
  .regex(/^(@?[\w.~*-]+\/)?[\w.~*-]+$/, 'expected a package name, or a glob of one');
const versions = z.string().min(1);

/** A glob is anchored at the root of its package; `**\/` in front may only name a kind of file, never a folder. */
const glob = z
  .string()
  .min(1)
  .refine(text => !/^[/!]|\\|(^|\/)\.\.?(\/|$)/.test(text), 'expected a glob relative to the package root')
  .refine(text => !/^\*\*\/.*\/\*\*$|^\*\*\/[\w.-]+$/.test(text) || text === '**/package.json', {
    message: 'a bare folder or file name for every depth is not allowed; anchor it at the package root',
  });
const globs = z.array(glob).min(1).readonly();

const keepRule = z.strictObject({ glob, why }).readonly();

const ruleId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower case words joined by "-"');

/** What a config can declare that rules ask for. */
const DECLARATIONS = ['awsServices'] as const;

const rule = z
  .strictObject({
    id: ruleId,
    remove: globs,
    why,
    /** Versions of the package for which the rule was shown to be right; all of the preset's, if left out. */
    versions: versions.optional(),
    /** `caution` rules run only at level `bold`, or when enabled by name. */
    risk: z.enum(['safe', 'caution']).default('safe'),
    /** The rule applies only where one of these globs matches a file of the package that stays. */
    when: globs.optional(),
    /** The rule applies only where the static trace reaches a file of `some`, and none of `none`. */
    reached: z.strictObject({ some: globs.optional(), none: globs.optional() }).readonly().optional(),
    /** Files that the rule leaves, of those that `remove` matches. */
    except: globs.optional(),
    /** The rule applies only where the config declares these names; `${awsServices}` in `except` matches each of them. */
    declared: z.enum(DECLARATIONS).optional(),
    /** The rule applies only where none of these packages is in the artifact, or said to come from a layer. */
    without: z.array(packageName).min(1).readonly().optional(),
    /**
     * Also files that the static trace reaches; it follows `require` of a computed path to every platform's binary.
     * For `*` only where `when` asks for the target's own binary.
     */
    overTrace: z.boolean().default(false),
    /** Also licences and what else always stays: nothing of the code that they are for is passed on. */
    whole: z.boolean().default(false),
  })
  .readonly();

/** A family of packages of which each carries the binary for one platform. */
const platformPackages = z
  .strictObject({
    id: ruleId,
    family: z.array(packageName).min(1).readonly(),
    /** Those of the target platform; the first carries the binary and has to be there. */
    target: z.array(z.string().min(1)).min(1).readonly(),
    /** Those that run everywhere; they stay only where the target's own is missing. */
    fallback: z.array(packageName).readonly().default([]),
    why,
  })
  .readonly();

/**
 * A preset: what may go from a package, what must stay, and why. Nothing in it executes; a key it does not know is an error.
 * A user's preset replaces the built-in one of the same name (see `nameOfPreset`), and is added otherwise.
 * `${os}`, `${cpu}`, `${libc}` are the target's; `${otherOs}`, `${otherCpu}`, `${otherLibc}`, `${otherAbi}` (of Node.js)
 * match every other one that is known, so that a folder of an unknown name stays; `variables` adds words of the
 * package's own, by CPU.
 */
export const presetSchema = z
  .strictObject({
    /** A name, a glob of names (`@aws-sdk/*`), several of them, or `*` for the kinds of files inside any package. PyPI's are normalised. */
    package: z.union([packageName, z.array(packageName).min(1).readonly()]),
    ecosystem: z.enum(['npm', 'pypi']),
    /** Versions whose listings the rules were tested against, as semver or PEP 440 has them. Outside of them only rules with `when` apply. */
    versions: versions.default('*'),
    docs: z.url().optional(),
    rules: z.array(rule).readonly().default([]),
    keep: z.array(keepRule).readonly().default([]),
    variables: z
      .record(z.string(), z.strictObject({ x64: z.string(), arm64: z.string() }).readonly())
      .readonly()
      .default({}),
    platformPackages: platformPackages.optional(),
    /** Never bundle the package. */
    external: z.strictObject({ why }).readonly().optional(),
    /** Bundle the package although its code looks unfit for it. */
    bundle: z.strictObject({ why }).readonly().optional(),
    /** Whether its install script has to run. */
    install: z.strictObject({ scripts: z.boolean(), why }).readonly().optional(),
    /** Dependencies that it never loads at run time. */
    unusedDependencies: z
      .array(z.strictObject({ name: packageName, why }).readonly())
      .readonly()
      .default([]),
    native: z
      .strictObject({ strip: z.boolean(), stripExcept: z.array(keepRule).readonly().default([]) })
      .readonly()
      .optional(),
    /**
     * Python: the package reads sources at run time. With `--bytecode only` its own stay, all or those of the globs, and so does
     * the user's own code, which it may read as well.
     */
    sources: z
      .strictObject({ keep: z.union([z.literal(true), globs]), why })
      .readonly()
      .optional(),
    /** CommonJS source that loads the package, and fails when it cannot; what PyPI's do lies beside their recordings. */
    smoke: z.string().min(1).optional(),
  })
  .readonly();

/** Files of any package that no rule may take. */
export const alwaysKeepSchema = z.strictObject({ keep: z.array(keepRule).readonly() }).readonly();

export type Rule = z.infer<typeof rule>;
/** The names that a config declares, and null or nothing where it declares none. */
export type Declared = {
  readonly [K in (typeof DECLARATIONS)[number]]?: readonly string[] | null | undefined;
};
export type KeepRule = z.infer<typeof keepRule>;
export type PlatformPackages = z.infer<typeof platformPackages>;
export type PresetData = z.infer<typeof presetSchema>;

/** A preset with its place: `name` is what rule ids start with, `file` is where it was read. */
export interface Preset extends PresetData {
  readonly name: string;
  readonly file: string;
  readonly user: boolean;
}

/** All that prune goes by: presets in the order of their names, and what stays in every package. */
export interface PresetLibrary {
  readonly presets: readonly Preset[];
  readonly alwaysKeep: readonly KeepRule[];
}
