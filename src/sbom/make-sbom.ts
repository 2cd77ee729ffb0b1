import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { SlimError } from '../errors.ts';
import type { Inventory } from '../inventory/types.ts';
import { hashFile } from '../util/hash-file.ts';
import { toLicense } from './licenses.ts';
import type { Parties, Party } from './read-parties.ts';

export interface SbomOptions {
  readonly version: string;
  /** `SOURCE_DATE_EPOCH`, which alone gives a time to the document. */
  readonly epoch: string | undefined;
}

const { Component } = Models;

/** A CycloneDX 1.6 document of the packages in an artifact; the same artifact gives the same bytes. Throws `SBOM_TIME`. */
export async function makeSbom(
  { inventory, parties }: Parties,
  { version, epoch }: SbomOptions,
): Promise<string> {
  const bom = new Models.Bom();
  const timestamp = toTime(epoch);
  if (timestamp) bom.metadata.timestamp = timestamp;
  bom.metadata.tools.components.add(
    new Component(Enums.ComponentType.Application, 'lambda-slim', { version }),
  );
  const root = await toRoot(inventory);
  bom.metadata.component = root;
  const components = new Map(parties.map(party => [party, toComponent(party)]));
  for (const [party, component] of components) {
    bom.components.add(component);
    for (const [other, required] of components)
      if (asksFor(party, other)) component.dependencies.add(required.bomRef);
  }
  for (const [party, component] of components)
    if (!parties.some(other => asksFor(other, party))) root.dependencies.add(component.bomRef);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function asksFor(party: Party, other: Party): boolean {
  return party !== other && party.ecosystem === other.ecosystem && party.requires.includes(other.name);
}

async function toRoot({ path, name, zippedBytes }: Inventory): Promise<Models.Component> {
  const root = new Component(Enums.ComponentType.Application, name, { bomRef: `function:${name}` });
  if (zippedBytes !== null) root.hashes.set(Enums.HashAlgorithm['SHA-256'], await hashFile(path));
  return root;
}

function toComponent(party: Party): Models.Component {
  const purl = toPurl(party);
  const [, group, name = party.name] =
    party.ecosystem === 'npm' ? (/^(@[^/]+)\/(.+)$/.exec(party.name) ?? []) : [];
  const component = new Component(Enums.ComponentType.Library, name, {
    purl,
    bomRef: purl,
    ...(group === undefined ? {} : { group }),
    ...(party.version === '' ? {} : { version: party.version }),
  });
  if (party.sha256 !== null) component.hashes.set(Enums.HashAlgorithm['SHA-256'], party.sha256);
  if (party.license !== null) component.licenses.add(toLicense(party.license));
  for (const place of new Set(party.places))
    component.properties.add(new Models.Property('lambda-slim:place', place === '' ? '.' : place));
  return component;
}

/** `pkg:npm/%40img/sharp-linux-x64@0.34.1` (https://github.com/package-url/purl-spec). */
function toPurl({ ecosystem, name, version }: Party): string {
  const [, scope, rest = name] = ecosystem === 'npm' ? (/^(@[^/]+)\/(.+)$/.exec(name) ?? []) : [];
  return new PackageURL(ecosystem, scope, rest, version === '' ? undefined : version).toString();
}

function toTime(epoch: string | undefined): Date | null {
  if (epoch === undefined || epoch === '') return null;
  const time = new Date(Number(epoch) * 1000);
  if (!/^\d+$/.test(epoch) || Number.isNaN(time.getTime())) throw new SlimError('SBOM_TIME', [epoch]);
  return time;
}
