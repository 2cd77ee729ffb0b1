import type { ChecksumName } from './checksums.ts';

export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  /** With its quotes. */
  readonly etag: string;
  /** Null in a bucket without versions. */
  readonly version: string | null;
  readonly checksum: Checksum | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modified: Date;
}

/** Base64; that of an upload in parts may be one of the parts' checksums and ends in `-3`. */
export interface Checksum {
  readonly name: ChecksumName;
  readonly value: string;
  readonly type: 'COMPOSITE' | 'FULL_OBJECT';
}

export interface Part {
  readonly number: number;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly checksums: Readonly<Partial<Record<ChecksumName, string>>>;
  readonly modified: Date;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly checksum: Pick<Checksum, 'name' | 'type'> | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
  readonly begun: Date;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly versioned: boolean;
  /** The last version of each is what is there. */
  readonly objects: Map<string, StoredObject[]>;
  readonly uploads: Map<string, Upload>;
}
