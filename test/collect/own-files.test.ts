import { mkdir, symlink } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { answerOf } from '../helpers/answer.ts';
import { collected, pathsOf } from '../helpers/collect.ts';
import { rejects } from '../helpers/rejects.ts';

const APP = JSON.stringify({ name: 'app', version: '1.0.0' });

test('data files beside the code that reads them come along, in any module form', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': `
        import { readFileSync } from 'node:fs'; import { dirname, join } from 'node:path'; import { fileURLToPath } from 'node:url';
        import deep from './lib/deep.cjs'; import typed from './lib/typed.mts';
        const __dirname = dirname(fileURLToPath(import.meta.url));
        export const handler = async () => [readFileSync(join(__dirname, 'data/a.txt'), 'utf8'), deep(), typed()];`,
      'lib/deep.cjs': `const fs = require('fs'); module.exports = () => fs.readFileSync(__dirname + '/b.txt', 'utf8');`,
      'lib/typed.mts': `import { readFileSync } from 'node:fs'; export default (): string => readFileSync(new URL('./c.txt', import.meta.url), 'utf8');`,
      'data/a.txt': 'A',
      'lib/b.txt': 'B',
      'lib/c.txt': 'C',
      'lib/unread.txt': 'no',
    },
    {},
    async result => {
      assert.equal(pathsOf(result), ['data/a.txt', 'index.mjs', 'lib/b.txt', 'lib/c.txt']);
      assert.equal(await answerOf(result), ['A', 'B', 'C']);
    },
  ));

test('include takes what it names and says when it names nothing', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': 'export const handler = async () => 1;',
      'model/a.onnx': 'weights',
      'model/notes.md': 'left out',
    },
    { fn: () => ({ include: ['model/**', 'absent/*'], exclude: ['**/*.md'] }) },
    async result => {
      assert.equal(pathsOf(result), ['index.mjs', 'model/a.onnx']);
      const excluded = result.tree.removals.map(({ path, rule }) => `${path} ${rule.id}`);
      assert.equal(excluded, ['model/notes.md config/exclude']);
      assert.equal(result.findings, [
        { code: 'INCLUDE_MATCHED_NOTHING', level: 'warning', pattern: 'absent/*' },
      ]);
      assert.equal(result.tree.entries.find(entry => entry.path === 'model/a.onnx')?.origin, {
        kind: 'include',
        pattern: 'model/**',
      });
    },
  ));

test('links that loop, break or lead away are left out, by name', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': 'export const handler = async () => 1;',
      'data/real.txt': 'real',
      'data/inside.txt': '-> real.txt',
      'data/loop': '-> loop',
      'data/broken': '-> nowhere',
      'data/away': '-> /etc/hostname',
    },
    { fn: () => ({ include: ['data/**'] }) },
    async result => {
      assert.equal(pathsOf(result), ['data/inside.txt', 'data/real.txt', 'index.mjs']);
      const reasons = result.findings.map(finding =>
        finding.code === 'LINK_LEFT_OUT' ? `${finding.path} ${finding.reason}` : finding.code,
      );
      assert.equal(reasons.sort(), ['data/away outside', 'data/broken broken', 'data/loop cycle']);
    },
  ));

test('a pattern through a folder that is a link out of the project', () =>
  collected(
    { 'package.json': APP, 'index.mjs': 'export const handler = async () => 1;', etc: '-> /etc' },
    { fn: () => ({ include: ['etc/host*'] }) },
    async result => {
      assert.equal(pathsOf(result), ['index.mjs']);
      assert.ok(result.findings.some(({ code }) => code === 'LINK_LEFT_OUT'));
    },
  ));

test('named pipes are no data, and patterns stay below the root', async () => {
  const files = { 'package.json': APP, 'index.mjs': 'export const handler = async () => 1;' };
  if (process.platform !== 'win32') {
    const before = async (dir: string): Promise<void> => void (await exec('mkfifo', ['pipe'], { cwd: dir }));
    await collected(files, { before, fn: () => ({ include: ['**'] }) }, async result =>
      assert.not(pathsOf(result).includes('pipe')),
    );
  }
  for (const pattern of ['/etc/hosts', '']) {
    await rejects(
      collected(files, { fn: () => ({ include: [pattern] }) }, async () => {}),
      'ARTIFACT_PATH',
    );
  }
});

test('folder links do not send it round in circles', () =>
  collected(
    { 'package.json': APP, 'index.mjs': 'export const handler = async () => 1;', 'data/x.txt': 'x' },
    { before: async dir => symlink('..', `${dir}/data/up`), fn: () => ({ include: ['data/**'] }) },
    async result => {
      assert.equal(pathsOf(result), ['data/x.txt', 'index.mjs']);
      assert.is(result.findings[0]?.code, 'LINK_LEFT_OUT');
    },
  ));

test('a link to a folder of the project brings its files', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': 'export const handler = async () => 1;',
      'models/v2/a.onnx': 'A',
      'model/current': '-> ../models/v2',
    },
    { fn: () => ({ include: ['model/**'] }) },
    async result => assert.equal(pathsOf(result), ['index.mjs', 'model/current/a.onnx']),
  ));

test('names with spaces, quotes, unicode and newlines', () => {
  const odd = `it's "a" näme\nwith $(everything) 日本.txt`;
  return collected(
    {
      'package.json': APP,
      'my handler.mjs': `import { readFileSync } from 'node:fs'; export const handler = async () => readFileSync(new URL(${JSON.stringify(`./data/${encodeURIComponent(odd)}`)}, import.meta.url), 'utf8');`,
      [`data/${odd}`]: 'found',
    },
    {
      fn: dir => ({ entry: `${dir}/my handler.mjs`, include: ['data/*'] }),
      before: async dir => void (await mkdir(`${dir}/empty`)),
    },
    async result => {
      assert.is(result.handler, 'my handler.handler');
      assert.is(await answerOf(result), 'found');
    },
  );
});

test('executables are told by content, not by the bits of the host', () =>
  collected(
    {
      'package.json': APP,
      'index.mjs': 'export const handler = async () => 1;',
      'bin/tool': '#!/bin/sh\necho hi\n',
      'bin/elf': Buffer.from('\x7fELF\x02', 'latin1'),
      'bin/data': 'x',
    },
    { fn: () => ({ include: ['bin/*'] }) },
    async result => {
      const modes = result.tree.entries.map(entry =>
        entry.kind === 'file' ? `${entry.path} ${entry.mode.toString(8)}` : '',
      );
      assert.equal(modes, ['bin/data 644', 'bin/elf 755', 'bin/tool 755', 'index.mjs 644']);
    },
  ));

test("data by the working folder, by Lambda's own variable and path, and by names with placeholders", () =>
  collected(
    {
      'package.json': APP,
      '.env': 'SECRET=1',
      'index.mjs': `
        import * as fs from 'node:fs'; import path from 'node:path'; import { words } from './lib/words.mjs';
        const read = file => fs.readFileSync(file, 'utf8');
        export const handler = async () => [
          fs.readFileSync('./data/a.txt', 'utf8'), fs.readFileSync(path.join(process.cwd(), 'data/b.txt'), 'utf8'),
          read('data/e.proto'), read(path.join(process.env.LAMBDA_TASK_ROOT ?? process.cwd(), 'data/c.txt')), words('de')];
        export const folders = () => [fs.readdirSync(process.cwd()), fs.readFileSync('/var/task/data/d.txt')];`,
      'lib/words.mjs': `
        import { readFileSync } from 'node:fs'; import { join } from 'node:path';
        const pattern = join(import.meta.dirname, '../locales/{{lng}}/{{ns}}.json');
        export const words = lng => readFileSync(pattern.replace('{{lng}}', lng).replace('{{ns}}', 'all'), 'utf8');`,
      'data/a.txt': 'A',
      'data/b.txt': 'B',
      'data/c.txt': 'C',
      'data/d.txt': 'D',
      'data/e.proto': 'E',
      'data/unread.txt': 'no',
      'locales/de/all.json': '"ja"',
    },
    {},
    async result => {
      const data = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.proto'].map(name => `data/${name}`);
      assert.equal(pathsOf(result), [...data, 'index.mjs', 'locales/de/all.json']);
      assert.equal(await answerOf(result), ['A', 'B', 'E', 'C', '"ja"']);
    },
  ));

test('include never puts a source where Lambda would take it for the bundle', () =>
  collected(
    {
      'package.json': APP,
      'index.js': `exports.handler = async () => require('./lib')();`,
      'lib.js': `module.exports = () => 'bundled';`,
    },
    { fn: dir => ({ entry: `${dir}/index.js`, include: ['*.js'] }) },
    async result => assert.equal(pathsOf(result), ['index.cjs', 'lib.js']),
  ));

test.run();
