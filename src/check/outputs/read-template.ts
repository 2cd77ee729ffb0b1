import { lstat, readFile } from 'node:fs/promises';
import { type CollectionTag, parse, type ScalarTag, YAMLMap, type YAMLSeq } from 'yaml';
import { z } from 'zod';
import { SlimError } from '../../errors.ts';
import { errnoOf } from '../../util/fs.ts';

/** CloudFormation takes templates of 1 MB; with metadata of tools they are larger before they are sent. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Aliases that a template may unfold, so that it does not grow without bound. */
const MAX_ALIASES = 1000;

const resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
});
const schema = z.looseObject({
  Resources: z.record(z.string(), z.unknown()),
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).optional(),
  Globals: z.looseObject({ Function: z.record(z.string(), z.unknown()).optional() }).optional(),
});

export type Properties = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
  readonly metadata: Properties;
}

/** A template of CloudFormation, as far as functions and layers are concerned. */
export interface Template {
  readonly resources: ReadonlyMap<string, Resource>;
  /** Of parameters, those that are texts or numbers. */
  readonly defaults: ReadonlyMap<string, string>;
  /** `Globals.Function` of SAM. */
  readonly globals: Properties;
}

/** Reads a template in YAML or JSON, short forms of functions included. Throws `INPUT_UNREADABLE`. */
export async function readTemplate(path: string): Promise<Template> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) throw new Error('it is a link, or no file');
    const { size } = stats;
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    const text = await readFile(path, 'utf8');
    const data: unknown = path.endsWith('.json')
      ? JSON.parse(text)
      : parse(text, { customTags: TAGS, maxAliasCount: MAX_ALIASES, logLevel: 'silent' });
    return toTemplate(schema.parse(data));
  } catch (error) {
    const reason =
      errnoOf(error) ?? (error instanceof z.ZodError ? 'it is no template of CloudFormation' : error);
    const words = reason instanceof Error ? (reason.message.split('\n')[0] ?? '') : String(reason);
    throw new SlimError('INPUT_UNREADABLE', [path, words.replace(/[.:]$/, '')], { cause: error });
  }
}

function toTemplate({ Resources, Parameters = {}, Globals }: z.infer<typeof schema>): Template {
  const resources = Object.entries(Resources).flatMap(([id, raw]): [string, Resource][] => {
    const { success, data } = resource.safeParse(raw);
    if (!success) return [];
    return [[id, { id, type: data.Type, properties: data.Properties ?? {}, metadata: data.Metadata ?? {} }]];
  });
  const defaults = Object.entries(Parameters).flatMap(([name, { Default: value }]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  return {
    resources: new Map(resources),
    defaults: new Map(defaults),
    globals: Globals?.Function ?? {},
  };
}

const NAMES = [
  ...['Ref', 'Condition', 'Sub', 'GetAtt', 'Join', 'Select', 'Split', 'If', 'Equals', 'And', 'Or', 'Not'],
  ...[
    'FindInMap',
    'ImportValue',
    'Base64',
    'Cidr',
    'GetAZs',
    'Transform',
    'Length',
    'ToJsonString',
    'ForEach',
  ],
];

/** `!Sub x` is `{ "Fn::Sub": x }`, and `!Ref x` is `{ "Ref": x }`. */
const TAGS: (ScalarTag | CollectionTag)[] = NAMES.flatMap((name): (ScalarTag | CollectionTag)[] => {
  const tag = `!${name}`;
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const resolve = (items: YAMLMap | YAMLSeq): YAMLMap => {
    const call = new YAMLMap();
    call.set(key, items);
    return call;
  };
  return [
    { tag, resolve: text => ({ [key]: text }) },
    { tag, collection: 'seq', resolve },
    { tag, collection: 'map', resolve },
  ];
});
