import { link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadPresets } from '../../src/presets/load.ts';
import { listFiles } from '../../src/presets/record.ts';
import { prune } from '../../src/prune/prune.ts';
import type { FileEntry, PackageInstance, Tree } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { compareCodeUnits, toArtifactPath, toPosix } from '../../src/util/path.ts';
import { mapPool } from '../../src/util/pool.ts';
import { platformOf } from '../prune/preset-fixture.ts';

const MODEL = join(process.cwd(), 'src/handlers/resnet/model/resnet20-fashion.onnx');

interface Smoke {
  readonly packages: readonly string[];
  readonly file: string;
  /** Computes something real; throws when it cannot, prints what it found. */
  readonly code: string;
  readonly says: string;
}

const SMOKES: readonly Smoke[] = [
  {
    packages: ['onnxruntime-node@1.30.0'],
    file: 'onnxruntime.cjs',
    code: `const ort = require('onnxruntime-node');
      (async () => {
        const session = await ort.InferenceSession.create(process.argv[2]);
        const [name] = session.inputNames;
        const shape = session.inputMetadata[0].shape.map(n => (typeof n === 'number' && n > 0 ? n : 1));
        const size = shape.reduce((a, b) => a * b, 1);
        const out = await session.run({ [name]: new ort.Tensor('float32', new Float32Array(size), shape) });
        console.log(Object.values(out)[0].data.length, 'scores');
      })();`,
    says: '10 scores',
  },
  {
    packages: ['sharp@0.35.5'],
    file: 'sharp.cjs',
    code: `const sharp = require('sharp');
      const red = { create: { width: 64, height: 48, channels: 3, background: 'red' } };
      (async () => {
        for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff']) {
          const data = await sharp(red).toFormat(format).toBuffer();
          const { info } = await sharp(data).resize(32).raw().toBuffer({ resolveWithObject: true });
          console.log(format, info.width, info.height);
        }
        console.log(typeof sharp.versions.vips);
      })();`,
    says: 'jpeg 32 24\npng 32 24\nwebp 32 24\navif 32 24\ngif 32 24\ntiff 32 24\nstring',
  },
  {
    packages: [],
    file: 'sharp.mjs',
    code: `import sharp from 'sharp';
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><rect width="9" height="7"/></svg>');
      console.log((await sharp(svg).png().toBuffer({ resolveWithObject: true })).info.width);`,
    says: '9',
  },
  {
    packages: ['@napi-rs/canvas'],
    file: 'canvas.cjs',
    code: `const { createCanvas, loadImage } = require('@napi-rs/canvas');
      (async () => {
        const canvas = createCanvas(20, 10);
        const context = canvas.getContext('2d');
        context.fillStyle = '#00ff00';
        context.fillRect(0, 0, 20, 10);
        const image = await loadImage(canvas.toBuffer('image/png'));
        console.log(image.width, [...context.getImageData(3, 3, 1, 1).data].join());
      })();`,
    says: '20 0,255,0,255',
  },
  {
    packages: ['bcrypt@6'],
    file: 'bcrypt.cjs',
    code: `const bcrypt = require('bcrypt');
      const hash = bcrypt.hashSync('secret', 4);
      console.log(bcrypt.compareSync('secret', hash), bcrypt.compareSync('other', hash));`,
    says: 'true false',
  },
  {
    // 0.45.1 crashes on Node 20 with glibc 2.36 before anything is taken from it.
    packages: ['argon2@0.44.0'],
    file: 'argon2.cjs',
    code: `const argon2 = require('argon2');
      argon2.hash('secret', { memoryCost: 1024 }).then(async hash =>
        console.log(await argon2.verify(hash, 'secret'), await argon2.verify(hash, 'other')));`,
    says: 'true false',
  },
  {
    packages: ['yaml'],
    file: 'yaml.cjs',
    code: `const { parseDocument } = require('yaml');
      const document = parseDocument('a: 1 # one\\nb: [x, y]');
      document.set('c', true);
      console.log(String(document));`,
    says: 'a: 1 # one\nb: [ x, y ]\nc: true',
  },
  {
    packages: ['mathjs'],
    file: 'mathjs.cjs',
    code: `const math = require('mathjs');
      console.log(math.evaluate('sqrt(16) + det([1, 2; 3, 4])'), math.help('sin').toJSON().name);`,
    says: '2 sin',
  },
  {
    packages: ['pdfkit'],
    file: 'pdfkit.cjs',
    code: `const Document = require('pdfkit');
      const document = new Document();
      const parts = [];
      document.on('data', part => parts.push(part));
      document.on('end', () => console.log(Buffer.concat(parts).subarray(0, 5).toString(), Buffer.concat(parts).length > 1000));
      for (const font of ['Helvetica', 'Times-Italic', 'Courier-Bold', 'Symbol']) document.font(font).text('words');
      document.end();`,
    says: '%PDF- true',
  },
  {
    packages: ['clean-css'],
    file: 'clean-css.cjs',
    code: `const CleanCss = require('clean-css');
      console.log(new CleanCss({ level: 2 }).minify('a { color: #ff0000 } a { margin: 0px }').styles);`,
    says: 'a{color:red;margin:0}',
  },
  {
    packages: ['pino'],
    file: 'pino.cjs',
    code: `const pino = require('pino');
      const { existsSync, readFileSync } = require('node:fs');
      const file = require('node:path').join(process.argv[3], 'log.txt');
      const logger = pino(pino.transport({ target: 'pino/file', options: { destination: file } }));
      logger.info({ answer: 42 }, 'hello');
      let tries = 500;
      const read = () => {
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        if (text.includes('\\n')) console.log(String(JSON.parse(text).answer));
        else if (tries-- > 0) setTimeout(read, 20);
      };
      read();`,
    says: '42',
  },
  {
    packages: ['jsdom@26'],
    file: 'jsdom.cjs',
    code: `const { JSDOM } = require('jsdom');
      const { window } = new JSDOM('<p class=a>x<b>y</b></p><script>document.body.title = "ran"</script>', { runScripts: 'dangerously' });
      const p = window.document.querySelector('p.a');
      console.log(p.textContent, window.document.body.title, window.getComputedStyle(p).display);`,
    says: 'xy ran block',
  },
  {
    packages: ['winston'],
    file: 'winston.cjs',
    code: `const winston = require('winston');
      const logger = winston.createLogger({ format: winston.format.json(), transports: [new winston.transports.Console()] });
      logger.info('hello', { answer: 42 });`,
    says: '{"answer":42,"level":"info","message":"hello"}',
  },
  {
    packages: ['@aws-sdk/client-s3'],
    file: 'aws.cjs',
    code: `const { GetObjectCommand, S3Client } = require('@aws-sdk/client-s3');
      const { createServer } = require('node:http');
      const server = createServer((request, response) => response.end(request.method + ' ' + request.url.split('?')[0]));
      server.listen(0, '127.0.0.1', async () => {
        const endpoint = 'http://127.0.0.1:' + server.address().port;
        const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
        const client = new S3Client({ endpoint, credentials, region: 'eu-west-1', forcePathStyle: true });
        const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }));
        console.log(await Body.transformToString());
        client.destroy();
        server.close();
      });`,
    says: 'GET /bucket/key',
  },
];

/** Installs everything once, for linux x64 with glibc, as collect would. */
async function install(dir: string): Promise<void> {
  await writeFile(join(dir, 'package.json'), '{"private":true}');
  for (const { file, code } of SMOKES) await writeFile(join(dir, file), code);
  const target = ['--os=linux', '--cpu=x64', '--libc=glibc', '--ignore-scripts'];
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await exec('npm', ['install', ...target, ...quiet, ...SMOKES.flatMap(({ packages }) => packages)], {
    cwd: dir,
  });
}

async function findPackages(dir: string): Promise<readonly PackageInstance[]> {
  const lock = JSON.parse(await readFile(join(dir, 'node_modules/.package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  return Object.entries(lock.packages).map(([path, { version }]) => ({
    ecosystem: 'npm',
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    dir: path,
    owns: null,
  }));
}

/** Every file of every package; those that the static trace of the smoke files reaches say so, when it is asked for. */
async function readTree(dir: string, trace: boolean): Promise<Tree> {
  const packages = await findPackages(dir);
  const files = SMOKES.map(({ file }) => join(dir, file));
  const reached = trace
    ? (await nodeFileTrace(files, { base: dir, processCwd: dir })).fileList
    : new Set<string>();
  const entries = await Promise.all(
    packages.map(async instance =>
      (await listFiles(join(dir, instance.dir))).map(({ path, bytes }): FileEntry => {
        const place = toPosix(join(instance.dir, path));
        return {
          kind: 'file',
          path: toArtifactPath(place),
          source: { kind: 'disk', path: join(dir, place), mtimeMs: 0 },
          bytes,
          mode: 0o644,
          origin: reached.has(place)
            ? { kind: 'traced', parents: [] }
            : { kind: 'package', package: instance.name, parents: [] },
        };
      }),
    ),
  );
  return { entries: entries.flat().sort((a, b) => compareCodeUnits(a.path, b.path)), packages, removals: [] };
}

/** Lays the files that stay, and nothing else, into a folder of their own. */
async function layOut(tree: Tree, from: string, to: string): Promise<void> {
  const paths = [...tree.entries.map(({ path }) => path as string), ...SMOKES.map(({ file }) => file)];
  for (const folder of new Set(paths.map(path => dirname(join(to, path)))))
    await mkdir(folder, { recursive: true });
  await mapPool(paths, 32, path => link(join(from, path), join(to, path)));
}

function sumBytes(tree: Tree): number {
  return tree.entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
}

/** Prunes the install, lays out what stays, and runs every smoke there. */
async function checkSlim(full: string, slim: string, trace: boolean, level: 'safe' | 'bold'): Promise<void> {
  const tree = await readTree(full, trace);
  const options = { library: await loadPresets(), level, disable: [], enable: [], keep: [] } as const;
  const pruned = prune(tree, options, platformOf('x64'));
  assert.equal(
    pruned.findings.filter(finding => finding.level === 'error'),
    [],
  );
  await layOut(pruned.tree, full, slim);
  await runSmokes(slim);
  const [before, after] = [sumBytes(tree), sumBytes(pruned.tree)];
  assert.ok(after < before * 0.45, `${after} of ${before} bytes are left`);
}

async function runSmokes(dir: string): Promise<void> {
  for (const { file, says } of SMOKES) {
    // Colours and loaders of the caller's environment would change what is printed and found.
    const run = { cwd: dir, timeoutMs: 60_000, env: { PATH: process.env.PATH } };
    const { stdout } = await exec(process.execPath, [file, MODEL, dir], run);
    assert.is(stdout.trim(), says, file);
  }
}

test('what stays of real packages still works, whatever the trace knows and the level is', () =>
  withTempDir(async work => {
    const full = join(work, 'full');
    await mkdir(full);
    await install(full);
    await runSmokes(full);
    await checkSlim(full, join(work, 'traced-bold'), true, 'bold');
    await checkSlim(full, join(work, 'traced-safe'), true, 'safe');
    await checkSlim(full, join(work, 'untraced-safe'), false, 'safe');
  }));

test.run();
