import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import fastGlob from 'fast-glob';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compareCodeUnits } from '../src/util/path.ts';

const VOCABULARY = [
  'types',
  'artifact-types',
  'efs-types',
  'native-types',
  'tree-types',
  'verify-types',
  'publish-types',
  'publish-config',
  'publish-efs-types',
  'publish-sagemaker-config',
  'findings',
  'findings-linkage',
  'findings-sagemaker',
  'findings-check',
  'findings-report',
  'errors',
];
const HOUSE = [
  'util',
  'elf',
  'codec',
  'zip',
  'lambda',
  'gateway',
  'container',
  'aws',
  'platform',
  'presets',
  'python',
  'bundle',
  'hooks',
  'inventory',
];
const STAGE = [...VOCABULARY, ...HOUSE];

/** Who may import whom: a room (folder or file of src) and the rooms it may name, itself aside. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  types: [
    'artifact-types',
    'container',
    'efs-types',
    'findings',
    'native-types',
    'publish-types',
    'tree-types',
    'verify-types',
  ],
  'tree-types': ['types'],
  'artifact-types': ['types'],
  'efs-types': [],
  'native-types': ['elf'],
  'verify-types': ['lambda'],
  'publish-types': ['types', 'aws', 'publish-config', 'publish-efs-types', 'publish-sagemaker-config'],
  'publish-efs-types': ['publish-config'],
  'publish-config': ['aws', 'publish-types', 'publish-sagemaker-config'],
  'publish-sagemaker-config': [],
  findings: ['findings-linkage', 'findings-sagemaker', 'findings-check', 'findings-report'],
  'findings-linkage': [],
  'findings-sagemaker': [],
  'findings-check': [],
  'findings-report': [],
  errors: [
    'errors-container',
    'errors-local',
    'errors-aws',
    'errors-publish',
    'errors-python',
    'errors-efs',
    'errors-sagemaker',
    'errors-report',
  ],
  'errors-container': [],
  'errors-local': [],
  'errors-aws': [],
  'errors-publish': [],
  'errors-python': [],
  'errors-efs': [],
  'errors-sagemaker': [],
  'errors-report': [],
  util: ['types', 'errors'],
  elf: ['errors', 'util'],
  codec: ['types', 'errors', 'util'],
  zip: ['types', 'errors', 'util'],
  container: ['types', 'errors', 'util'],
  lambda: ['types', 'errors', 'util', 'platform', 'zip', 'container', 'bundle'],
  gateway: ['types', 'errors', 'util', 'platform', 'lambda'],
  aws: ['types', 'errors', 'util', 'platform', 'lambda'],
  platform: ['types', 'findings', 'errors', 'util'],
  presets: ['types', 'errors', 'util', 'platform', 'python'],
  python: ['types', 'errors', 'util'],
  bundle: ['types', 'errors', 'util', 'codec'],
  inventory: ['types', 'errors', 'util', 'zip', 'presets', 'python'],
  hooks: ['types', 'errors', 'util', 'codec', 'zip'],
  freshness: ['types', 'errors', 'util'],
  'compile-cache': STAGE,
  bytecode: STAGE,
  config: STAGE,
  collect: STAGE,
  prune: STAGE,
  native: STAGE,
  archive: STAGE,
  check: STAGE,
  exact: STAGE,
  rest: STAGE,
  verify: STAGE,
  'cold-start': STAGE,
  layers: STAGE,
  efs: STAGE,
  sagemaker: STAGE,
  'build-sagemaker': [...STAGE, 'archive', 'check', 'config', 'pipeline', 'sagemaker'],
  publish: [...STAGE, 'layers', 'efs', 'sagemaker'],
  sbom: ['errors', 'util', 'inventory'],
  report: [...STAGE, 'cold-start'],
  pipeline: [
    ...STAGE,
    'freshness',
    'compile-cache',
    'bytecode-build',
    'config',
    'collect',
    'prune',
    'native',
    'archive',
    'check',
    'exact',
    'rest',
    'verify',
    'efs-build',
    'exact-build',
    'verify-build',
    'report',
  ],
  'bytecode-build': [...STAGE, 'bytecode', 'native'],
  'efs-build': [...STAGE, 'efs'],
  'exact-build': [...STAGE, 'archive', 'exact', 'rest', 'verify'],
  'verify-build': [
    ...STAGE,
    'archive',
    'efs',
    'exact-build',
    'name-own-files',
    'prepare-original',
    'rest',
    'verify',
  ],
  'name-own-files': ['types', 'findings', 'util', 'collect'],
  'container-shell': ['types', 'errors', 'util', 'collect', 'container'],
  'prepare-original': ['types', 'util', 'presets', 'collect'],
  'build-function': ['types', 'util', 'freshness', 'collect', 'pipeline'],
  index: ['build-function', 'util', ...VOCABULARY, 'platform', 'pipeline', 'config', 'check', 'report'],
  cli: [
    ...VOCABULARY,
    'util',
    'index',
    'build-function',
    'pipeline',
    'config',
    'report',
    'platform',
    'presets',
    'inventory',
    'lambda',
    'gateway',
    'container',
    'aws',
    'name-own-files',
    'container-shell',
    'prepare-original',
    'check',
    'verify',
    'rest',
    'cold-start',
    'layers',
    'bundle',
    'sbom',
    'inventory',
    'efs',
    'sagemaker',
    'build-sagemaker',
    'publish',
  ],
};

/** Libraries that only some rooms may load. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  yargs: ['cli'],
  'cli-progress': ['cli'],
  esbuild: ['collect'],
  '@vercel/nft': ['collect'],
  'fast-glob': ['collect', 'prune', 'presets', 'verify'],
  archiver: ['archive'],
  execa: ['util'],
  yaml: ['check'],
  '@cyclonedx/cyclonedx-library': ['sbom'],
  'packageurl-js': ['sbom'],
  'junit-report-builder': ['report'],
  yauzl: ['zip'],
  libdeflate: ['zip'],
  '@bokuweb/zstd-wasm': ['codec'],
  'brotli-wasm': ['codec'],
  '7z-wasm': ['codec'],
  jiti: ['config'],
  'd3-hierarchy': ['report'],
  'smol-toml': ['python'],
  picocolors: ['report', 'cli'],
};

const MAX_LINES = 250;
const MAX_FUNCTION_LINES = 40;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

async function readSources(): Promise<readonly SourceFile[]> {
  const paths = await fastGlob(['src/**/*.ts'], { ignore: ['**/node_modules/**'] });
  return Promise.all(
    paths.sort(compareCodeUnits).map(async path => {
      const text = await readFile(path, 'utf8');
      const imports = [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g)].map(
        match => match[1] as string,
      );
      return { path, room: roomOf(path), text, imports };
    }),
  );
}

/** `src/zip/write.ts` lies in `zip`, `src/types.ts` in `types`. */
function roomOf(path: string): string {
  return (path.split('/')[1] as string).replace(/\.ts$/, '');
}

function resolveRoom(file: SourceFile, specifier: string): string {
  return roomOf(new URL(specifier, `file:///${file.path}`).pathname.slice(1));
}

const isHandler = (file: SourceFile): boolean => file.room === 'handlers';

test('each room imports only the rooms it may', async () => {
  const breaches: string[] = [];
  for (const file of (await readSources()).filter(source => !isHandler(source))) {
    const allowed = MAY_IMPORT[file.room];
    assert.ok(allowed, `${file.path}: the room ${file.room} is not in the plan`);
    for (const specifier of file.imports.filter(name => name.startsWith('.'))) {
      const room = resolveRoom(file, specifier);
      if (room !== file.room && !allowed.includes(room)) breaches.push(`${file.path} imports ${specifier}`);
    }
  }
  assert.equal(breaches, []);
});

/** The function that syncs runs the code that the command line runs. */
const HANDLER_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = { 'efs-sync': ['bundle'] };

test('handlers import nothing of the house, but for the one that syncs', async () => {
  const handlers = (await readSources()).filter(isHandler);
  assert.ok(handlers.length > 0);
  const breaches = handlers.flatMap(file => {
    const allowed = ['handlers', ...(HANDLER_MAY_IMPORT[file.path.split('/')[2] as string] ?? [])];
    return file.imports
      .filter(name => name.startsWith('.') && !allowed.includes(resolveRoom(file, name)))
      .map(name => `${file.path} imports ${name}`);
  });
  assert.equal(breaches, []);
});

test('libraries stay in their rooms', async () => {
  const breaches: string[] = [];
  for (const file of (await readSources()).filter(source => !isHandler(source))) {
    for (const specifier of file.imports) {
      const library = Object.keys(ONLY_IN).find(
        name => specifier === name || specifier.startsWith(`${name}/`),
      );
      if (library && !ONLY_IN[library]?.includes(file.room))
        breaches.push(`${file.path} imports ${specifier}`);
      if (specifier.startsWith('@aws-sdk/') && file.room !== 'aws')
        breaches.push(`${file.path} imports ${specifier}`);
    }
  }
  assert.equal(breaches, []);
});

test('no stage is wired anywhere but in the pipeline, which names them in order', async () => {
  const text = await readFile('src/pipeline.ts', 'utf8');
  const order = ['collect(', 'prune(', 'native(', 'archive(', 'check('].map(call => text.indexOf(call));
  assert.ok(
    order.every(at => at > 0),
    'each stage is called by its name',
  );
  assert.equal(
    [...order].sort((a, b) => a - b),
    order,
  );
});

test(`no file is longer than ${MAX_LINES} lines, no function than ${MAX_FUNCTION_LINES}`, async () => {
  const long: string[] = [];
  for (const file of await readSources()) {
    const lines = file.text.split('\n');
    if (lines.length > MAX_LINES + 1) long.push(`${file.path}: ${lines.length} lines`);
    lines.forEach((line, start) => {
      if (!/^(?:export )?(?:default )?(?:async )?function\b/.test(line)) return;
      const length = lines.slice(start).findIndex(end => end.startsWith('}')) + 1;
      if (length > MAX_FUNCTION_LINES) long.push(`${file.path}:${start + 1}: a function of ${length} lines`);
    });
  }
  assert.equal(long, []);
});

test('every test file runs, and nothing uses any', async () => {
  for (const path of await fastGlob(['test/**/*.test.ts'])) {
    const text = await readFile(path, 'utf8');
    assert.match(text.trimEnd(), /\.run\(\);$/, `${basename(path)} never runs its tests`);
  }
  for (const file of await readSources())
    assert.not.match(file.text, /:\s*any\b|\bas any\b|<any>/, file.path);
});

test.run();
