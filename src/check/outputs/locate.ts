import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { isRecord, textOf } from './intrinsics.ts';
import type { Locate } from './read-functions.ts';
import type { Resource, Template } from './read-template.ts';

/** The property of a function or a layer that says where its code is. */
function contentOf({ properties }: Resource): unknown {
  return properties.CodeUri ?? properties.ContentUri ?? properties.Code ?? properties.Content;
}

/** SAM writes folders beside the template. */
export function locateLocal(_dir: string, template: Template): Locate {
  return resource => {
    const path = textOf(contentOf(resource), template);
    return path === null || /^(?:s3|https?):/.test(path) ? null : path;
  };
}

/** Serverless names objects in S3 by the time of packaging; the files have their last names. */
export function locateBasename(_dir: string, template: Template): Locate {
  return resource => {
    const content = contentOf(resource);
    const key = isRecord(content) ? textOf(content.S3Key, template) : null;
    return key === null ? null : basename(key);
  };
}

const assets = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional(), packaging: z.string().optional() }),
    }),
  ),
});

/** CDK names objects by their hash, which a file beside the template explains; the metadata of the resource does so as well. */
export async function locateAsset(dir: string, template: Template): Promise<Locate> {
  const known = new Map<string, string>();
  const files = (await readdir(dir, { withFileTypes: true })).filter(each => each.isFile());
  for (const name of files
    .map(each => each.name)
    .filter(each => each.endsWith('.assets.json'))
    .sort()) {
    const data: unknown = (await readJson(join(dir, name))) ?? {};
    const { success, data: parsed } = assets.safeParse(data);
    if (!success) continue;
    for (const [hash, { source }] of Object.entries(parsed.files))
      if (source.path !== undefined) known.set(hash, source.path);
  }
  return resource => {
    const told = resource.metadata['aws:asset:path'];
    if (typeof told === 'string') return told;
    const content = contentOf(resource);
    const key = isRecord(content) ? textOf(content.S3Key, template) : null;
    const hash = key === null ? '' : basename(key).replace(/\.[^.]*$/, '');
    return known.get(hash) ?? null;
  };
}

/** Null for a file that is damaged; then its assets are not found. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
