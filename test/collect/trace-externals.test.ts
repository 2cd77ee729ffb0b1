import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { traceExternals } from '../../src/collect/trace/trace-externals.ts';
import { withProject } from '../helpers/project.ts';

const FILES = {
  'node_modules/dep/package.json': JSON.stringify({ name: 'dep', version: '1.0.0', main: 'main.js' }),
  'node_modules/dep/main.js': `require('./z'); require('./a');`,
  'node_modules/dep/z.js': `require('./shared');`,
  'node_modules/dep/a.js': `require('./shared');`,
  'node_modules/dep/shared.js': '',
};

const traceIn = (dir: string, signal: AbortSignal) => {
  const packageDir = join(dir, 'node_modules/dep');
  const dep = { specifier: 'dep', kind: 'require', importer: 'index.mjs', packageDir } as const;
  return traceExternals([dep], dir, dir, 'index.mjs', signal);
};

test('who asked for a file is told in the same order on every machine', () =>
  withProject(FILES, async dir => {
    const trace = await traceIn(dir, new AbortController().signal);
    const package_ = join(dir, 'node_modules/dep');
    assert.equal(trace.get(join(package_, 'main.js')), ['index.mjs']);
    assert.equal(trace.get(join(package_, 'shared.js')), [join(package_, 'a.js'), join(package_, 'z.js')]);
  }));

test('a trace ends when it is told to', () =>
  withProject(FILES, async dir => {
    const reason = new Error('told to');
    const found = await traceIn(dir, AbortSignal.abort(reason)).catch((error: unknown) => error);
    assert.is(found, reason);
  }));

test.run();
