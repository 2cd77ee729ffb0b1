import { SlimError } from '../errors.ts';
import { LAYER_KINDS, type LayerKind } from '../publish-types.ts';
import { compareCodeUnits } from '../util/path.ts';
import { sumOf } from './complete-bin.ts';
import type { Bins, Bounds } from './fill-bins.ts';
import type { Unit } from './find-units.ts';
import { packBins } from './pack-bins.ts';

/** Units that share a layer. */
export interface Bin {
  readonly kind: LayerKind;
  /** Counts the layers of its kind from 1. */
  readonly number: number;
  readonly units: readonly Unit[];
}

/** Kinds that share layers, from what is best to what fits most: what changes rarely apart from what changes often. */
const GROUPINGS: readonly (readonly (readonly LayerKind[])[])[] = [
  [['native'], ['models'], ['deps']],
  [['native', 'models'], ['deps']],
  [['native'], ['models', 'deps']],
  [['native', 'models', 'deps']],
];

/** Steps of the search for a split that is better than needed, and for any at all: some milliseconds, and some seconds. */
const BRIEF = 300_000;
const THOROUGH = 100_000_000;

/**
 * Splits units among at most `most` layers of `capacity` zipped bytes: kinds apart where there are layers enough, else together, and
 * in few layers rather than in many. Throws `LAYERS_IMPOSSIBLE` where there is no split of whole units.
 */
export function planLayers(units: readonly Unit[], most: number, capacity: number): readonly Bin[] {
  for (const grouping of GROUPINGS) {
    const bins = packGroups(units, grouping, { count: most, capacity });
    if (bins) return number(bins);
  }
  const packing = packBins(units, { count: most, capacity }, THOROUGH);
  if (packing.kind === 'packed') return number(packing.bins);
  throw new SlimError('LAYERS_IMPOSSIBLE', [explain(units, most, capacity, packing.kind === 'impossible')]);
}

function explain(units: readonly Unit[], most: number, capacity: number, isProved: boolean): string {
  const large = units.find(({ zippedBytes }) => zippedBytes > capacity);
  if (large)
    return `${large.name} alone has ${large.zippedBytes} bytes zipped, and a layer may have ${capacity}`;
  const goal = `${units.length} packages into ${most} layers of ${capacity} bytes zipped`;
  return isProved ? `there is no way to put ${goal}` : `no way was found to put ${goal}`;
}

function packGroups(
  units: readonly Unit[],
  grouping: readonly (readonly LayerKind[])[],
  { count, capacity }: Bounds,
): Bins<Unit> | null {
  const bins: (readonly Unit[])[] = [];
  for (const kinds of grouping) {
    const members = units.filter(({ kind }) => kinds.includes(kind));
    const packed = packFewest(members, { count: count - bins.length, capacity });
    if (packed === null) return null;
    bins.push(...packed);
  }
  return bins;
}

/** Into as few bins as a short search shows. */
function packFewest(units: readonly Unit[], { count: most, capacity }: Bounds): Bins<Unit> | null {
  if (units.length === 0) return [];
  for (let count = Math.ceil(sumOf(units) / capacity); count <= most; count++) {
    const packing = packBins(units, { count, capacity }, BRIEF);
    if (packing.kind === 'packed') return packing.bins;
  }
  return null;
}

/** A layer is called after the kind that most of its bytes are of. */
function number(bins: readonly (readonly Unit[])[]): readonly Bin[] {
  const counts = new Map<LayerKind, number>();
  const named = bins.map(bin => {
    const kind = mainKind(bin);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const units = [...bin].sort((a, b) => compareCodeUnits(a.name, b.name));
    return { kind, number: counts.get(kind) ?? 1, units };
  });
  return named.sort((a, b) => LAYER_KINDS.indexOf(a.kind) - LAYER_KINDS.indexOf(b.kind));
}

function mainKind(bin: readonly Unit[]): LayerKind {
  const sums = LAYER_KINDS.map(kind => ({
    kind,
    bytes: bin.filter(unit => unit.kind === kind).reduce((sum, { zippedBytes }) => sum + zippedBytes, 0),
  }));
  return sums.reduce((a, b) => (b.bytes > a.bytes ? b : a)).kind;
}
