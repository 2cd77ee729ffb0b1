import type { Finding } from '../../findings.ts';
import type { PlacedPackage } from './find-copies.ts';

/** What was read of an artifact, in the words of `check`; sizes in bytes. */
export interface SubjectInput {
  readonly facts: {
    readonly path: string;
    readonly codeSha256: string | null;
    readonly zippedBytes: number | null;
    readonly unzippedBytes: number;
  };
  readonly files: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly compressedBytes: number | null;
    readonly digest: string | null;
  }[];
  readonly natives: readonly string[];
  readonly linkage: readonly {
    readonly path: string;
    readonly needs: readonly {
      readonly library: string;
      readonly state: NeedState;
      readonly path: string | null;
    }[];
  }[];
  readonly findings: readonly Finding[];
  /** Whose each file is, by path; what is not in it is told by its path. */
  readonly groups: ReadonlyMap<string, string>;
  readonly packages: readonly PlacedPackage[];
}

export type NeedState =
  | 'artifact'
  | 'compressed'
  | 'runtime'
  | 'uncertain'
  | 'elsewhere'
  | 'missing'
  | 'unknown';
