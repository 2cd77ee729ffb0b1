import { realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Finding } from '../../findings.ts';
import type { Arch } from '../../types.ts';
import { measureEnvironment } from '../check-settings.ts';
import type { CheckSubject } from '../subject.ts';
import { isRecord, refOf, textOf, variablesOf } from './intrinsics.ts';
import type { Properties, Resource, Template } from './read-template.ts';

/** Where a tool keeps the code of a resource: a path below the output folder; null where the code is not kept there. */
export type Locate = (resource: Resource) => string | null;

type Found = Pick<CheckSubject, 'name'> &
  ({ readonly subject: CheckSubject } | { readonly finding: Finding });

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];
const LAYERS = ['AWS::Lambda::LayerVersion', 'AWS::Serverless::LayerVersion'];

/** The folder of a template, and the output folder that nothing is read outside of. */
export interface Place {
  readonly dir: string;
  readonly root: string;
}

/** Reads all functions of a template. */
export async function readFunctions(
  template: Template,
  place: Place,
  locate: Locate,
): Promise<readonly Found[]> {
  const functions = [...template.resources.values()].filter(({ type }) => FUNCTIONS.includes(type));
  return Promise.all(functions.map(each => readFunction(each, template, place, locate)));
}

async function readFunction(
  resource: Resource,
  template: Template,
  place: Place,
  locate: Locate,
): Promise<Found> {
  const isSam = resource.type === 'AWS::Serverless::Function';
  const own = isSam ? mergeGlobals(template.globals, resource.properties) : resource.properties;
  const name = textOf(own.FunctionName, template) ?? resource.id;
  const lacks = (reason: 'image' | 'inline' | 'elsewhere' | 'missing', path = ''): Found => {
    const level = reason === 'missing' || reason === 'elsewhere' ? 'error' : 'info';
    return { name, finding: { code: 'CODE_NOT_CHECKED', level, function: name, reason, path } };
  };
  if (textOf(own.PackageType, template) === 'Image') return lacks('image');
  const isInline = own.InlineCode !== undefined || (isRecord(own.Code) && own.Code.ZipFile !== undefined);
  if (isInline) return lacks('inline');
  const path = locate({ ...resource, properties: own });
  if (path === null) return lacks('missing');
  const whole = resolve(place.dir, path);
  const where = await whereIs(whole, place.root);
  if (where !== 'inside') return lacks(where, path);
  const attached = await readLayers(own.Layers, template, place, locate);
  return { name, subject: toSubject(name, whole, own, attached, template) };
}

function toSubject(
  name: string,
  path: string,
  own: Properties,
  { layers, unknown }: Attached,
  template: Template,
): CheckSubject {
  const variables = variablesOf(own.Environment, template);
  const storage = isRecord(own.EphemeralStorage) ? own.EphemeralStorage.Size : undefined;
  const tmpMiB = Number(textOf(storage, template) ?? Number.NaN);
  return {
    name,
    path,
    layers,
    runtime: textOf(own.Runtime, template),
    arch: archOf(own.Architectures, template),
    handler: textOf(own.Handler, template),
    tmpMiB: Number.isFinite(tmpMiB) ? tmpMiB : null,
    environmentBytes: variables && measureEnvironment(variables),
    findings:
      unknown.length > 0 ? [{ code: 'LAYER_UNKNOWN', level: 'warning', layers: unknown } as const] : [],
  };
}

/** Lists are joined, variables merged, and of all else the function's own counts, as SAM does. */
function mergeGlobals(globals: Properties, own: Properties): Properties {
  const merged: Record<string, unknown> = { ...globals, ...own };
  for (const [name, value] of Object.entries(globals)) {
    const mine = own[name];
    if (Array.isArray(value) && Array.isArray(mine)) merged[name] = [...value, ...mine];
    else if (isRecord(value) && isRecord(mine)) merged[name] = mergeGlobals(value, mine);
  }
  return merged;
}

function archOf(value: unknown, template: Template): Arch | null {
  const [first] = Array.isArray(value) ? value : [];
  const text = textOf(first, template);
  // Without the property Lambda takes x86_64.
  if (value === undefined || text === 'x86_64') return 'x64';
  return text === 'arm64' ? 'arm64' : null;
}

interface Attached {
  readonly layers: readonly string[];
  /** In words, those whose files are not here. */
  readonly unknown: readonly string[];
}

async function readLayers(
  value: unknown,
  template: Template,
  { dir, root }: Place,
  locate: Locate,
): Promise<Attached> {
  const layers: string[] = [];
  const unknown: string[] = [];
  if (value !== undefined && !Array.isArray(value)) return { layers, unknown: ['chosen when deployed'] };
  for (const each of value ?? []) {
    const resource = template.resources.get(refOf(each) ?? '');
    const path = (resource && LAYERS.includes(resource.type) && locate(resource)) || null;
    const whole = resolve(dir, path ?? '');
    if (path !== null && (await whereIs(whole, root)) === 'inside') layers.push(whole);
    else unknown.push(textOf(each, template) ?? refOf(each) ?? JSON.stringify(each));
  }
  return { layers, unknown };
}

/** Nothing outside of the folder is read because a template, or a link in the folder, says so. */
async function whereIs(path: string, root: string): Promise<'inside' | 'elsewhere' | 'missing'> {
  if (!isInside(path, root)) return 'elsewhere';
  const real = await realpath(path).catch(() => null);
  if (real === null) return 'missing';
  return isInside(real, await realpath(root)) ? 'inside' : 'elsewhere';
}

function isInside(path: string, dir: string): boolean {
  const inside = relative(dir, path);
  return inside !== '' && !/^\.\.(?:[/\\]|$)/.test(inside) && resolve(dir, inside) === path;
}
