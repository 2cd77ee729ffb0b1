import { SlimError } from '../errors.ts';
import { LAYER_KINDS, type LayerKind } from '../publish-types.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { Unit } from './find-units.ts';
import { packFewest } from './pack-bins.ts';

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

/**
 * Splits units among at most `most` layers of `capacity` zipped bytes: kinds apart where there are layers enough, else together. Where
 * any split of whole units is legal, one is found. Throws `LAYERS_IMPOSSIBLE` where there is none.
 */
export function planLayers(units: readonly Unit[], most: number, capacity: number): readonly Bin[] {
  for (const grouping of GROUPINGS) {
    const bins = packGroups(units, grouping, most, capacity);
    if (bins) return number(bins);
  }
  const large = units.find(({ zippedBytes }) => zippedBytes > capacity);
  const reason = large
    ? `${large.name} alone has ${large.zippedBytes} bytes zipped, and a layer may have ${capacity}`
    : `${units.length} packages do not fit into ${most} layers of ${capacity} bytes zipped`;
  throw new SlimError('LAYERS_IMPOSSIBLE', [reason]);
}

function packGroups(
  units: readonly Unit[],
  grouping: readonly (readonly LayerKind[])[],
  most: number,
  capacity: number,
): readonly (readonly Unit[])[] | null {
  const bins: (readonly Unit[])[] = [];
  for (const kinds of grouping) {
    const members = units.filter(({ kind }) => kinds.includes(kind));
    const packed = packFewest(members, most - bins.length, capacity);
    if (packed === null) return null;
    bins.push(...packed);
  }
  return bins;
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
