import type { PageSubject } from '../../src/report/html/page-types.ts';

/** A made-up artifact for the page: one file, nothing removed, nothing found. */
export function makeSubject(overrides: Partial<PageSubject> = {}): PageSubject {
  return {
    name: 'function',
    file: 'function.zip',
    runtime: 'nodejs22.x',
    arch: 'x64',
    handler: 'index.handler',
    codeSha256: 'q6s=',
    zippedBytes: 10,
    unzippedBytes: 20,
    limits: { zipped: 52_428_800, unzipped: 262_144_000 },
    notes: [],
    packages: ['your files', 'numpy@2.1.0', 'sharp@0.35.5'],
    kinds: ['Native libraries', 'JavaScript', 'Python'],
    rules: [{ id: 'sharp/docs', why: 'for people' }],
    files: [['index.mjs', 20, 10, 0, 1]],
    removals: [],
    stages: [],
    findings: [],
    linkage: [],
    duplicates: [],
    copies: [],
    starts: [],
    ...overrides,
  };
}
