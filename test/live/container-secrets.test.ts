import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { canMakeBuildImage, makeBuildImage, NODE_MAJOR } from '../helpers/build-image.ts';
import { startDocker, type TestEngine } from '../helpers/docker-engine.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject, writeFiles } from '../helpers/project.ts';

const IMAGE = 'lambda-slim-test/build:1';
const PASSWORD = 'pw-of-the-registry-6071';
const TOKEN = 'npm-token-of-nobody-6071';

/** Looks for secrets wherever an install script can read; `[…]` keeps the pattern from finding itself. */
const SPY = `const { readdirSync, readFileSync } = require('node:fs');
const read = path => { try { return readFileSync(path, 'latin1'); } catch { return ''; } };
const found = [];
let count = 0;
const look = path => { count++; if (/[-]6071/.test(read(path))) found.push(path); };
const walk = dir => {
  for (const entry of readdirSync(dir || '/', { withFileTypes: true })) {
    const path = dir + '/' + entry.name;
    if (entry.isDirectory() && !['/proc', '/sys', '/usr', '/dev'].includes(path)) walk(path);
    else if (entry.isFile()) look(path);
  }
};
walk('');
for (const pid of readdirSync('/proc').filter(name => /^\\d+$/.test(name)))
  for (const name of ['environ', 'cmdline']) look('/proc/' + pid + '/' + name);
console.log('spied', count > 100, JSON.stringify(found));
`;

/** A registry that gives the package `spy` to those who know a password or a token. */
async function withRegistry(
  dir: string,
  use: (host: string, integrity: string) => Promise<void>,
): Promise<void> {
  const manifest = { name: 'spy', version: '1.0.0', main: 'index.js', scripts: { install: 'node spy.js' } };
  await writeFiles(join(dir, 'package'), {
    'package.json': JSON.stringify(manifest),
    'index.js': 'module.exports = 1;',
    'spy.js': SPY,
  });
  await exec('tar', ['-czf', join(dir, 'spy.tgz'), '-C', dir, 'package'], { cwd: '/' });
  const tarball = await readFile(join(dir, 'spy.tgz'));
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const known = [`Basic ${Buffer.from(`bob:${PASSWORD}`).toString('base64')}`, `Bearer ${TOKEN}`];
  const server = createServer(({ url, headers }, answer) => {
    if (!known.includes(headers.authorization ?? '')) answer.writeHead(401).end('{}');
    else if (url?.endsWith('.tgz')) answer.end(tarball);
    else {
      const dist = { tarball: `http://${host}/spy/-/spy-1.0.0.tgz`, integrity };
      answer.end(JSON.stringify({ name: 'spy', versions: { '1.0.0': { ...manifest, dist } } }));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await use(host, integrity);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const projectOf = (npmrc: string, resolved: string | undefined, integrity: string) => {
  const dependencies = { spy: '1.0.0' };
  const spy = { version: '1.0.0', resolved, integrity, hasInstallScript: true };
  return {
    '.npmrc': npmrc,
    'index.mjs': "import spy from 'spy';\nexport const handler = () => spy;\n",
    'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies }),
    'package-lock.json': JSON.stringify({
      name: 'app',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'app', version: '1.0.0', dependencies }, 'node_modules/spy': spy },
    }),
    'lambda-slim.config.json': JSON.stringify({
      entry: 'index.mjs',
      runtime: `nodejs${NODE_MAJOR}.x`,
      install: { container: IMAGE, scripts: ['spy'] },
      container: { network: 'host' },
    }),
  };
};

async function assertNothingKept(dir: string): Promise<void> {
  const places = [join(dir, 'docker/data/volumes'), join(dir, 'cache')];
  const kept = await exec('grep', ['-rlE', `${PASSWORD}|${TOKEN}`, ...places], { cwd: '/' }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  assert.is(kept, '', 'nothing secret is kept');
}

async function testSecrets(engine: TestEngine, dir: string): Promise<void> {
  const build = async (name: string) => {
    const { DOCKER_HOST = '', PATH = '' } = engine.env;
    const env = { DOCKER_HOST, PATH, HOME: dir, LAMBDA_SLIM_CACHE: join(dir, 'cache'), NPM_TOKEN: TOKEN };
    const ran = await runFake(['build', '--no-strip'], { cwd: join(dir, name), env });
    assert.not.match(ran.stdout + ran.stderr, /-6071/);
    await assertNothingKept(dir);
    return ran;
  };
  await withRegistry(join(dir, 'registry'), async (host, integrity) => {
    const npmrc = `registry=http://bob:${PASSWORD}@${host}/\n`;
    await writeFiles(join(dir, 'password'), projectOf(npmrc, undefined, integrity));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is npm that fills it in
    const byToken = `registry=http://${host}/\n//${host}/:_authToken=${'${NPM_TOKEN}'}\n`;
    await writeFiles(join(dir, 'token'), projectOf(byToken, undefined, integrity));
    for (const name of ['password', 'token']) {
      const { code, stdout, stderr } = await build(name);
      assert.is(code, 0, stderr);
      assert.match(stdout + stderr, 'spied true []');
    }
    const address = `http://lone-token-6071@127.0.0.1:1/spy-1.0.0.tgz`;
    const other = `registry=http://bob:${PASSWORD}@127.0.0.1:1/\nfetch-retries=0\n`;
    await writeFiles(join(dir, 'broken'), projectOf(other, address, integrity.replace(/.{4}==$/, 'AAAA==')));
    const { code, stderr } = await build('broken');
    assert.is(code, 2, stderr);
    assert.match(stderr, 'http://***@127.0.0.1:1');
    assert.not.match(stderr, /_logs|log of this run|Log files were not written/);
  });
}

if (await canMakeBuildImage()) {
  test('secrets of a registry are seen by no script, shown nowhere, and kept nowhere', () =>
    withProject({ 'docker/.keep': '' }, async dir => {
      const engine = await startDocker(join(dir, 'docker'));
      try {
        await makeBuildImage(engine, IMAGE);
        await testSecrets(engine, dir);
      } finally {
        await engine.stop();
      }
    }));
}

test.run();
