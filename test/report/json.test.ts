import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { SlimError } from '../../src/errors.ts';
import { makeJsonReporter } from '../../src/report/json-reporter.ts';
import { makeResult, ONE_OF_EACH } from '../helpers/results.ts';

const bytes = z.int().nonnegative();
const figures = z.strictObject({
  initMs: z.number().nullable(),
  coldMs: z.number().nullable(),
  warmMs: z.number().nullable(),
  maxMemoryBytes: bytes.nullable(),
});
const tool = z.strictObject({ name: z.literal('lambda-slim'), version: z.string() });
const head = { schema: z.literal(1), tool, command: z.string() };
const functionShape = {
  function: z.string(),
  runtime: z.string(),
  arch: z.enum(['x64', 'arm64']),
  handler: z.string(),
  artifact: z
    .strictObject({
      path: z.string(),
      sha256: z.string().length(64),
      codeSha256: z.string().length(44),
      zippedBytes: bytes,
      unzippedBytes: bytes,
      files: bytes,
    })
    .nullable(),
  native: z.strictObject({
    libraries: bytes,
    stripped: bytes,
    strippedBytes: bytes,
    shared: bytes,
    sharedBytes: bytes,
    compressed: z.null(),
    files: z.array(z.unknown()).optional(),
    links: z.array(z.unknown()).optional(),
  }),
  compileCache: z
    .strictObject({
      bytes,
      files: bytes,
      importMsBefore: z.number(),
      importMsAfter: z.number(),
      runs: bytes,
      nodeVersion: z.string(),
    })
    .nullable(),
  bytecode: z
    .strictObject({
      mode: z.string(),
      files: bytes,
      bytes,
      removedSources: bytes,
      removedBytes: bytes,
      uncompiled: bytes,
      pythonVersion: z.string(),
    })
    .nullable(),
  exact: z
    .strictObject({
      events: bytes,
      bytesBefore: bytes,
      savedByTraceBytes: bytes,
      savedByRunBytes: bytes,
      savedBytes: bytes,
      removedFiles: bytes,
      emptiedFiles: bytes,
      rest: z.strictObject({ path: z.string(), zippedBytes: bytes, unzippedBytes: bytes }).nullable(),
    })
    .nullable(),
  efs: z
    .strictObject({
      store: z.string(),
      environment: z.record(z.string(), z.string()),
      off: z.array(z.string()),
      files: bytes,
      bytes,
      bundle: z
        .strictObject({ path: z.string(), release: z.string(), chunks: bytes, compressedBytes: bytes })
        .nullable(),
    })
    .nullable(),
  verification: z
    .strictObject({
      events: z.array(z.string()),
      natives: bytes,
      same: z.boolean(),
      isolation: z.strictObject({
        kind: z.string(),
        memory: z.string(),
        tmp: z.string(),
        readOnlyCode: z.boolean(),
        interpreter: z.string(),
        exactInterpreter: z.boolean(),
      }),
      original: figures.nullable(),
      slim: figures,
      blameRuns: bytes,
      ms: bytes,
    })
    .nullable(),
  upToDate: z.boolean(),
  stages: z.array(z.strictObject({ stage: z.string(), bytes, files: bytes })),
  removals: z.array(
    z.strictObject({
      rule: z.string(),
      why: z.string(),
      bytes,
      files: bytes,
      paths: z.array(z.string()).optional(),
    }),
  ),
  findings: z.array(
    z.looseObject({
      code: z.string(),
      level: z.enum(['error', 'warning', 'info']),
      message: z.string(),
      hint: z.string(),
    }),
  ),
  timings: z.array(z.strictObject({ stage: z.string(), ms: z.number() })),
};
const one = z.strictObject({ ...head, ...functionShape });
const several = z.strictObject({ ...head, functions: z.array(z.strictObject(functionShape)) });

const reporter = makeJsonReporter({ name: 'lambda-slim', version: '1.2.3' }, 'build');

test('the document of one function has the documented shape', () => {
  const document = one.parse(
    JSON.parse(reporter.builds([makeResult({ findings: Object.values(ONE_OF_EACH) })])),
  );
  assert.equal(document.removals[0], {
    rule: 'b/other-cpu',
    why: 'a function has one architecture',
    bytes: 30 * 1024 * 1024 + 5,
    files: 2,
  });
  assert.is(document.findings.length, Object.keys(ONE_OF_EACH).length);
  assert.is(
    document.findings.find(({ code }) => code === 'LIMIT_UNZIPPED')?.limit,
    262_144_000,
    'facts stay',
  );
});

test('several functions lie in a list', () => {
  const document = several.parse(JSON.parse(reporter.builds([makeResult(), makeResult({ name: 'b' })])));
  assert.equal(
    document.functions.map(fn => fn.function),
    ['function', 'b'],
  );
});

test('a plan has no artifact, and paths when they are asked for', () => {
  const plan = makeResult({ artifact: null });
  assert.is(one.parse(JSON.parse(reporter.plans([plan], { files: false }))).artifact, null);
  const { removals } = one.parse(JSON.parse(reporter.plans([plan], { files: true })));
  assert.equal(removals[0]?.paths, ['node_modules/b/arm64/lib.so', 'node_modules/b/arm64/x.so']);
});

test('an error is a document too', () => {
  const { error, schema } = JSON.parse(reporter.error(new SlimError('CANCELLED', [])));
  assert.is(schema, 1);
  assert.equal(error, { code: 'CANCELLED', message: 'Cancelled.', hint: error.hint });
  assert.is(JSON.parse(reporter.error(new TypeError('oops'))).error.code, 'INTERNAL');
});

test.run();
