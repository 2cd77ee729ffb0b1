import { parseRequirement } from './requirement.ts';

/** The values of a field of METADATA, which is written like the head of an e-mail (https://packaging.python.org/en/latest/specifications/core-metadata/). */
export function metadataFields(metadata: string, name: string): readonly string[] {
  const [head = ''] = metadata.split(/\r?\n\r?\n/);
  return [...head.matchAll(new RegExp(`^${name}: *(.+?)\\s*$`, 'gm'))].map(([, value = '']) => value);
}

/** What a distribution may ask for. */
export interface Asked {
  /** Normalised. */
  readonly name: string;
  /** True for what only an extra brings. */
  readonly isExtra: boolean;
}

/** Reads the fields `Requires-Dist`, whatever their markers say of the target. */
export function listRequired(metadata: string): readonly Asked[] {
  return metadataFields(metadata, 'Requires-Dist').flatMap(line => {
    const parsed = parseRequirement(line);
    return parsed ? { name: parsed.name, isExtra: /\bextra\s*==/.test(parsed.marker ?? '') } : [];
  });
}
