import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planFunction } from '../../src/pipeline.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { answerOf } from '../helpers/answer.ts';
import { makeContext, makeFunction, withProject } from '../helpers/project.ts';

/** Packages that other tools break, each with a function that really uses what they remove, and its answer. */
const TRAPS: Readonly<
  Record<string, { readonly version: string; readonly code: string; readonly answer: unknown }>
> = {
  yaml: {
    version: '2.8.1',
    code: `import { parseDocument, stringify } from 'yaml'; export const handler = async () => stringify(parseDocument('a: [1, 2]').toJS());`,
    answer: 'a:\n  - 1\n  - 2\n',
  },
  mathjs: {
    version: '14.8.0',
    code: `import { all, create } from 'mathjs'; const math = create(all); export const handler = async () => [math.evaluate('det([1, 2; 3, 4])'), math.help('sin').toJSON().name];`,
    answer: [-2, 'sin'],
  },
  'clean-css': {
    version: '5.3.3',
    code: `import CleanCSS from 'clean-css'; export const handler = async () => new CleanCSS({ level: 2 }).minify('a { color: #ff0000; background: url(image.png) }').styles;`,
    answer: 'a{color:red;background:url(image.png)}',
  },
  pdfkit: {
    version: '0.17.2',
    code: `import PDFDocument from 'pdfkit';
      export const handler = () => new Promise((resolve, reject) => {
        const doc = new PDFDocument(); const parts = [];
        doc.on('data', part => parts.push(part)); doc.on('error', reject);
        doc.on('end', () => resolve(Buffer.concat(parts).subarray(0, 5).toString()));
        doc.font('Times-Roman').text('slim').font('Courier-Bold').text('fonts'); doc.end();
      });`,
    answer: '%PDF-',
  },
  pino: {
    version: '9.9.0',
    code: `import { once } from 'node:events'; import { mkdtempSync, readFileSync } from 'node:fs'; import { tmpdir } from 'node:os'; import { join } from 'node:path'; import pino from 'pino';
      export const handler = async () => {
        const file = join(mkdtempSync(join(tmpdir(), 'pino-')), 'log');
        const transport = pino.transport({ target: 'pino/file', options: { destination: file } });
        const logger = pino({ base: null, timestamp: false }, transport);
        logger.info('through a worker thread'); await new Promise(done => logger.flush(done)); transport.end(); await once(transport, 'close');
        return JSON.parse(readFileSync(file, 'utf8')).msg;
      };`,
    answer: 'through a worker thread',
  },
  jsdom: {
    version: '26.1.0',
    code: `import { JSDOM } from 'jsdom'; export const handler = async () => { const { window } = new JSDOM('<p id=x style="color: red">slim</p>'); return [window.document.getElementById('x').textContent, window.getComputedStyle(window.document.body).display]; };`,
    answer: ['slim', 'block'],
  },
  winston: {
    version: '3.17.0',
    code: `import { PassThrough } from 'node:stream'; import winston from 'winston';
      export const handler = async () => {
        const stream = new PassThrough(); const logger = winston.createLogger({ format: winston.format.combine(winston.format.colorize(), winston.format.json()), transports: [new winston.transports.Stream({ stream })] });
        logger.warn('kept'); return JSON.parse(await new Promise(done => stream.once('data', data => done(String(data))))).message;
      };`,
    answer: 'kept',
  },
  googleapis: {
    version: '105.0.0',
    code: `import { google } from 'googleapis'; export const handler = async () => [typeof google.docs({ version: 'v1' }).documents.get, typeof google.drive('v3').files.list];`,
    answer: ['function', 'function'],
  },
};

const PROJECT = {
  'package.json': JSON.stringify({
    name: 'traps',
    type: 'module',
    dependencies: Object.fromEntries(Object.entries(TRAPS).map(([name, { version }]) => [name, version])),
  }),
};

const MODES: Readonly<Record<string, Partial<ResolvedFunction>>> = {
  bundled: {},
  'left outside': { bundle: false },
  'left outside, bold': { bundle: false, level: 'bold' },
};

test('packages that other tools break still work when slim', () =>
  withProject(PROJECT, dir =>
    withTempDir(async workDir => {
      await exec('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: dir });
      for (const [name, { code, answer }] of Object.entries(TRAPS)) {
        const entry = join(dir, `${name}.mjs`);
        await writeFile(entry, code);
        for (const [mode, options] of Object.entries(MODES)) {
          const result = await planFunction(makeFunction(dir, { entry, ...options }), makeContext(workDir));
          const found = await answerOf(result).catch((error: Error) => error.message);
          assert.equal(found, answer, `${name}, ${mode}`);
          const before = result.stages[0]?.bytes ?? 0;
          const after = result.stages.at(-1)?.bytes ?? 0;
          console.log(`  ${name}, ${mode}: ${before} -> ${after} bytes, ${result.tree.entries.length} files`);
        }
      }
    }),
  ));

test.run();
