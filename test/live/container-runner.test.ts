import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asRoot } from '../../src/container/as-root.ts';
import type { ContainerResult, ContainerRun, ContainerStep } from '../../src/container/build-types.ts';
import { PLACES } from '../../src/container/build-types.ts';
import { NO_CREDENTIALS } from '../../src/container/credentials/credentials.ts';
import { withBuild } from '../../src/container/open-build.ts';
import { runInContainer } from '../../src/container/run-in-container.ts';
import { toStepError } from '../../src/container/to-step-error.ts';
import type { Context } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { canRunDocker, startDocker, type TestEngine } from '../helpers/docker-engine.ts';
import { runFake } from '../helpers/fake-io.ts';
import { CONTAINER, makeContext, writeFiles } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';
import { makeSmallImage } from '../helpers/small-image.ts';

const IMAGE = 'lambda-slim-test/build:1';

/** An address of this machine that is not its loopback, if it has one. */
const address = Object.values(networkInterfaces())
  .flatMap(list => list ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const LISTEN = address ? [`tcp://${address}:23755`] : [];

interface Stage {
  readonly engine: TestEngine;
  readonly dir: string;
  readonly said: string[];
  context(overrides?: Partial<Context>): Context;
  run(steps: readonly ContainerStep[], overrides?: Partial<ContainerRun>): Promise<ContainerResult>;
}

const sh = (script: string, ...args: readonly string[]): ContainerStep => ({
  command: ['/bin/sh', '-ec', script, 'sh', ...args],
});
const node = (script: string): ContainerStep => ({ command: ['node', '-e', script] });

/** `space` is what the engine's disk has, as `mount` is told it. */
async function openStage(
  space?: string,
  ...listen: readonly string[]
): Promise<Stage & { close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'container-runner-'));
  const data = join(dir, 'docker/data');
  await mkdir(data, { recursive: true });
  if (space) await exec('mount', ['-t', 'tmpfs', '-o', `size=${space}`, 'none', data], { cwd: '/' });
  let running: TestEngine | undefined;
  const close = async (): Promise<void> => {
    await running?.stop();
    if (space) await exec('umount', [data], { cwd: '/' });
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const engine = await startDocker(join(dir, 'docker'), ...listen);
    running = engine;
    await makeSmallImage(engine, dir, IMAGE);
    await writeFiles(dir, { 'my sources, all/a file': 'of mine', 'work/.keep': '' });
    await chmod(join(dir, 'my sources, all/a file'), 0o600);
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const progress = { start: () => {}, tick: () => {}, done: () => {}, say };
    const env = {
      ...engine.env,
      ALLOWED_TOKEN: 'very secret',
      FORBIDDEN: 'x',
      HTTPS_PROXY: 'http://me:pass%20word@proxy',
    };
    const context: Stage['context'] = (overrides = {}) => ({
      ...makeContext(join(dir, 'work'), { env, cacheDir: join(dir, 'cache'), progress }),
      ...overrides,
    });
    const run: Stage['run'] = (steps, overrides = {}) =>
      runInContainer(makeRun(dir, steps, overrides), context());
    return { engine, dir, said, context, run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function withStage(use: (stage: Stage) => Promise<void>, space?: string): Promise<void> {
  const stage = await openStage(space);
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

/** Of one engine for all tests that leave it as it was. */
let shared: Awaited<ReturnType<typeof openStage>> | undefined;

async function withShared(use: (stage: Stage) => Promise<void>): Promise<void> {
  shared ??= await openStage(undefined, ...LISTEN);
  shared.said.length = 0;
  await use(shared);
  await assertClean(shared);
}

test.after(() => shared?.close());

const makeRun = (
  dir: string,
  steps: readonly ContainerStep[],
  overrides: Partial<ContainerRun> = {},
): ContainerRun => ({
  image: IMAGE,
  arch: 'x64',
  options: CONTAINER,
  sources: join(dir, 'my sources, all'),
  steps,
  results: null,
  scratchKey: null,
  env: {},
  credentials: NO_CREDENTIALS,
  ...overrides,
});

const SCRIPT = `
import { runInContainer } from ${JSON.stringify(new URL('../../src/container/run-in-container.js', import.meta.url).href)};
const [run, context] = JSON.parse(process.argv[1]);
const progress = { start() {}, tick() {}, done() {}, say: line => process.stdout.write(line + '|') };
const { kind } = await runInContainer(run, { ...context, progress, signal: new AbortController().signal })
  .catch(error => ({ kind: error.code + ': ' + error.message }));
process.stdout.write(kind);`;

/** Runs it in a process of its own. */
const apart = (run: ContainerRun, context: Omit<Context, 'progress' | 'signal'>): readonly string[] => [
  process.execPath,
  ...['--input-type=module', '-e', SCRIPT, JSON.stringify([run, context])],
];

/** The same as nobody, who has user and group 65534. */
async function runAsNobody(...facts: Parameters<typeof apart>): Promise<string> {
  const args = ['--reuid=65534', '--regid=65534', '--clear-groups', ...apart(...facts)];
  return (await exec('setpriv', args, { cwd: '/' })).stdout;
}

async function assertClean({ engine, dir }: Stage, scratches = 0): Promise<void> {
  assert.is(await engine.docker('ps', '--all', '--quiet'), '', 'no container is left');
  const volumes = (await engine.docker('volume', 'ls', '--quiet')).split('\n').filter(name => name !== '');
  assert.is(volumes.length, scratches, `volumes: ${volumes}`);
  assert.equal(await readdir(join(dir, 'work')), ['.keep'], 'no file of variables is left');
}

if (await canRunDocker()) {
  test('steps run on read-only sources, and their results are ours', () =>
    withShared(async stage => {
      const { dir, run, said, engine } = stage;
      const secrets = {
        ...NO_CREDENTIALS,
        secrets: [{ name: 'npmrc', content: '//registry/:_authToken=abc$`"\'x\n' }],
        env: { NPM_TOKEN: 'tok-123456', LINES: 'a\nb' },
        masked: ['abc$`"\'x', 'tok-123456'],
      };
      const results = join(dir, 'my results');
      const result = await run(
        [
          sh(
            `cat '${PLACES.in}/a file'; ! touch '${PLACES.in}/new' 2>/dev/null; ! touch '${PLACES.in}/a file' 2>/dev/null`,
          ),
          sh(
            `cp -R ${PLACES.in}/. . && mkdir ${PLACES.out}/bin && cp 'a file' ${PLACES.out}/bin/ && ln -s 'a file' ${PLACES.out}/bin/link && chmod 755 ${PLACES.out}/bin/*`,
          ),
          sh(`cat ${PLACES.secrets}/npmrc; stat -c '%a' ${PLACES.secrets}/npmrc`),
          node(
            'console.log(process.env.NPM_TOKEN, JSON.stringify(process.env.LINES), process.cwd(), process.env.HOME)',
          ),
          node(
            "const { env } = process; console.error(env.ALLOWED_TOKEN, env.FORBIDDEN, env.HTTPS_PROXY); require('fs').writeFileSync('/lambda-slim/out/env', JSON.stringify(env))",
          ),
          sh('id -u; cat /etc/hostname; cat /var/asked'),
        ],
        {
          results,
          credentials: secrets,
          options: { ...CONTAINER, environment: ['ALLOWED_TOKEN'], packages: ['gcc-gfortran', 'g++'] },
        },
      );
      assert.is(result.kind, 'done');
      assert.equal(
        said.map(line => line.replace(/^container \| /, '')),
        [
          'of mine',
          '***',
          '600',
          '*** "a\\nb" /lambda-slim/work /tmp',
          '*** undefined http://***@proxy',
          '0',
          'lambda-slim',
          'install -y gcc-gfortran g++',
        ].map(line => (line === '***' ? '//registry/:_authToken=***' : line)),
      );
      assert.ok(said.every(line => line.startsWith('container | ')));
      assert.equal((await readdir(join(results, 'bin'))).sort(), ['a file', 'link']);
      assert.is(await readFile(join(results, 'bin/link'), 'utf8'), 'of mine');
      const env = JSON.parse(await readFile(join(results, 'env'), 'utf8'));
      assert.is(env.ALLOWED_TOKEN, 'very secret');
      assert.is(env.HTTPS_PROXY, 'http://me:pass%20word@proxy');
      await assertClean(stage);
      assert.is((await engine.docker('images', '--quiet')).split('\n').length, 1, 'no image is made');
    }));

  test('what the next run can use is kept in a volume, until it is old or nothing is to be kept', () =>
    withShared(async stage => {
      const { dir, engine, context } = stage;
      const steps = [sh(`ls ${PLACES.scratch}; touch ${PLACES.scratch}/kept`)];
      const seen = async (
        overrides: Partial<ContainerRun> = {},
        more: Partial<Context> = {},
      ): Promise<string> => {
        const result = await runInContainer(
          makeRun(dir, steps, { scratchKey: 'lock', ...overrides }),
          context(more),
        );
        assert.is(result.kind, 'done');
        return result.kind === 'done' ? result.outputs.join() : '';
      };
      assert.is(await seen(), '');
      assert.is(await seen(), 'kept');
      assert.is(await seen({ scratchKey: 'another lock' }), '');
      await assertClean(stage, 2);
      assert.is(await seen({}, { cacheDir: null }), '');
      await assertClean(stage, 1);
      await engine.docker(
        'volume',
        'create',
        '--label',
        'io.lambda-slim.scratch=1000',
        'lambda-slim-scratch-old',
      );
      await engine.docker('volume', 'create', 'lambda-slim-scratch-of-somebody');
      assert.is(await seen({ scratchKey: null }), '');
      const names = await engine.docker('volume', 'ls', '--quiet');
      assert.not.match(names, 'scratch-old');
      assert.match(names, 'of-somebody');
      for (const name of names.split('\n').filter(each => each !== ''))
        await engine.docker('volume', 'rm', name);
    }));

  test('what goes wrong has a name', () =>
    withShared(async stage => {
      const { dir, engine, run, context } = stage;
      const failed = await run([sh('true'), sh('echo why >&2; exit 3')], { env: { A: "it's" } });
      assert.is(failed.kind, 'step-failed');
      if (failed.kind === 'step-failed') {
        assert.equal([failed.exitCode, failed.output], [3, 'why']);
        const error = toStepError(failed);
        assert.match(error.message, /exit code 3:\nwhy\nBy hand/);
        assert.match(failed.byHand, /^lambda-slim container shell <<'END'\n[\s\S]*\n\/bin\/sh -ec true sh\n/);
        assert.match(failed.byHand, /\n\/bin\/sh -ec 'echo why >&2; exit 3' sh\n[\s\S]*END$/);
      }
      const tool = await rejects(run([{ command: ['python3.12', '--version'] }]), 'CONTAINER_TOOL_MISSING');
      assert.match(tool.message, 'has no python3.12');
      assert.is((await run([sh('exit 127')])).kind, 'step-failed');
      const packages = { ...CONTAINER, packages: ['broken'] };
      const refused = await rejects(run([], { options: packages }), 'CONTAINER_PACKAGES_FAILED');
      assert.match(refused.message, 'Unable to find a match: broken');
      await rejects(run([], { image: 'lambda-slim-test/none:1' }), 'CONTAINER_IMAGE_MISSING');
      await rejects(run([], { arch: 'arm64' }), 'CONTAINER_IMAGE_FOREIGN');
      await rejects(run([], { options: { ...CONTAINER, engine: 'finch' } }), 'CONTAINER_ENGINE_MISSING');

      const hoard = node('const kept = []; for (;;) kept.push(Buffer.alloc(10 * 1024 ** 2, 1))');
      const memory = await rejects(
        run([hoard], { options: { ...CONTAINER, memoryMiB: 128 } }),
        'CONTAINER_OUT_OF_MEMORY',
      );
      assert.match(memory.message, 'the limit is 128 MiB');

      const late = await rejects(
        run([sh('sleep 600')], { options: { ...CONTAINER, timeoutSeconds: 2 } }),
        'CONTAINER_TIMEOUT',
      );
      assert.match(late.message, 'within 2 s');

      const stop = new AbortController();
      const stopped = runInContainer(
        makeRun(dir, [sh('echo up; sleep 600')]),
        context({ signal: stop.signal, progress: { ...context().progress, say: () => stop.abort() } }),
      );
      await rejects(stopped, 'CANCELLED');
      await rejects(runInContainer(makeRun(dir, []), context({ signal: AbortSignal.abort() })), 'CANCELLED');

      const kill = async (): Promise<void> => {
        const name = await engine.docker('ps', '--quiet');
        await engine.docker('kill', name.trim());
      };
      const killed = await rejects(
        runInContainer(
          makeRun(dir, [sh('echo up; sleep 600')]),
          context({ progress: { ...context().progress, say: () => void kill() } }),
        ),
        'CONTAINER_KILLED',
      );
      assert.match(killed.message, 'exit code 137');
      await assertClean(stage);
    }));

  test('credentials cannot be asked for while it runs', () =>
    withShared(async ({ dir, engine, context }) => {
      let told: Promise<string> | undefined;
      const ask = async (): Promise<string> => {
        const [container = ''] = (await engine.docker('ps', '--quiet', '--no-trunc')).split('\n');
        const details = await engine.docker('inspect', container);
        const [id = ''] = JSON.parse(details)[0].ExecIDs;
        const socket = join(dir, 'docker/docker.sock');
        const execs = await new Promise<string>((resolve, reject) => {
          const options = { socketPath: socket, path: `/exec/${id}/json` };
          get(options, answer =>
            answer
              .setEncoding('utf8')
              .toArray()
              .then(parts => resolve(parts.join('')), reject),
          );
        });
        assert.match(execs, 'sleep');
        const volumes = await engine.docker('ps', '--no-trunc', '--format', '{{json .}}');
        const listing = await exec('ps', ['-eww', '-o', 'args'], { cwd: '/' });
        return [details, execs, volumes, listing.stdout].join('\n');
      };
      const say = (): void => {
        told ??= ask();
      };
      const credentials = {
        ...NO_CREDENTIALS,
        secrets: [{ name: 'npmrc', content: 'sesame-1' }],
        env: { NPM_TOKEN: 'sesame-2' },
        masked: ['sesame-1', 'sesame-2'],
      };
      const wait = sh('echo up; sleep 3');
      const run = makeRun(dir, [wait], {
        credentials,
        options: { ...CONTAINER, environment: ['ALLOWED_TOKEN'] },
      });
      await runInContainer(run, context({ progress: { ...context().progress, say } }));
      const text = (await told) ?? '';
      assert.match(text, '/lambda-slim/secrets');
      assert.not.match(text, 'sesame');
      assert.not.match(text, 'very secret');
      const left = await exec('grep', ['-rlE', 'sesame|very secret', join(dir, 'docker/data')], {
        cwd: '/',
      }).then(
        ({ stdout }) => stdout,
        () => '',
      );
      assert.is(left, '', 'nothing of it is on the disk of the engine');
    }));

  test('code of packages runs where no credentials are left: in no process, file or variable', () =>
    withShared(async ({ run, said }) => {
      const credentials = {
        secrets: [
          { name: 'npmrc', content: 'sesame-1' },
          { name: 'yarnrc', content: 'sesame-2' },
        ],
        env: { NPM_TOKEN: 'sesame-3', npm_config_userconfig: 'sesame-4' },
        masked: ['sesame'],
        open: {
          secrets: [{ name: 'npmrc', content: 'registry=https://r/' }],
          env: { npm_config_userconfig: '/open' },
        },
      };
      const spy = `
        const { readdirSync, readFileSync } = require('node:fs');
        const read = path => { try { return readFileSync(path, 'latin1'); } catch { return ''; } };
        const pids = readdirSync('/proc').filter(name => /^\\d+$/.test(name));
        const seen = [
          ...pids.flatMap(pid => [read('/proc/' + pid + '/environ'), read('/proc/' + pid + '/cmdline')]),
          ...['/lambda-slim/secrets', '/tmp'].flatMap(dir => readdirSync(dir).map(name => name + ' ' + read(dir + '/' + name))),
        ].filter(text => !text.includes('const seen'));
        const { npm_config_userconfig: config, HTTPS_PROXY: proxy, ALLOWED_TOKEN: allowed } = process.env;
        console.log(JSON.stringify([pids.length > 1, seen.join().match(/(ses)(ame-\\d)|pass%20word/g), config, proxy, allowed === 'very secret']));
        console.log(readdirSync('/lambda-slim/secrets').join(), read('/lambda-slim/secrets/npmrc'));
      `;
      const ran = await run(
        [
          sh('echo "$NPM_TOKEN" | cat - /lambda-slim/secrets/* >/tmp/left; sleep 600 & sleep 0'),
          { ...node(spy), withoutCredentials: true },
          sh('[ -z "$NPM_TOKEN" ] && echo none'),
        ],
        { credentials, options: { ...CONTAINER, environment: ['ALLOWED_TOKEN'] } },
      );
      assert.is(ran.kind, 'done');
      assert.equal(
        said.map(line => line.replace(/^container \| /, '')),
        ['[true,null,"/open","http://proxy",true]', 'npmrc registry=https://r/', 'none'],
      );
    }));

  test('another build on the same engine leaves ours alone, whose process it cannot see', () =>
    withShared(async stage => {
      const { dir, engine } = stage;
      const { progress, ...context } = stage.context();
      const { signal: _, ...rest } = context;
      const now = Math.floor(Date.now() / 1000);
      const [old, fresh] = ['lambda-slim-1-1000-of-another', `lambda-slim-1-${now}-of-another`] as const;
      for (const name of [old, fresh])
        await engine.docker('volume', 'create', '--label', 'io.lambda-slim.owner=another', name);
      let other: Promise<string> | undefined;
      const meet = async (): Promise<string> => {
        const [name = ''] = (await engine.docker('ps', '--format', '{{.Names}}')).split('\n');
        const args = ['--pid', '--fork', '--mount-proc', ...apart(makeRun(dir, [sh('echo met')]), rest)];
        const { stdout } = await exec('unshare', args, { cwd: '/' });
        await engine.docker('exec', name, 'touch', '/lambda-slim/work/go').catch(() => {});
        return stdout;
      };
      const say = (): void => {
        other ??= meet();
      };
      const wait = sh('echo up; until [ -e go ]; do sleep 0.1; done');
      const run = runInContainer(makeRun(dir, [wait]), { ...context, progress: { ...progress, say } });
      assert.is((await run).kind, 'done');
      assert.is(await other, 'container | met|done');
      assert.is(
        (await engine.docker('volume', 'ls', '--quiet')).trim(),
        fresh,
        'what is old goes, whose ever it was',
      );
      await engine.docker('volume', 'rm', fresh);
    }));

  test('a container that is lost while it is made ready', () =>
    withShared(async ({ dir, engine, context }) => {
      const lost = withBuild(makeRun(dir, []), context(), async build => {
        await engine.docker('kill', build.container);
        await asRoot(build, 'make folders', ['true']);
      });
      const error = await rejects(lost, 'CONTAINER_KILLED');
      assert.match(error.message, /while it ran `make folders`: exit code 137/);
    }));

  test('a container that another process left is removed, also where we are killed', () =>
    withShared(async stage => {
      const { progress: _, signal: __, ...context } = stage.context();
      const [file = '', ...args] = apart(makeRun(stage.dir, [sh('echo up; sleep 600')]), context);
      const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (let round = 0; round < 100 && (await stage.engine.docker('ps', '--quiet')) !== ''; round++)
        await delay(50);
      assert.is(await stage.engine.docker('ps', '--quiet'), '', 'it ends with us');
      assert.is.not(await stage.engine.docker('ps', '--all', '--quiet'), '');
      const work = join(stage.dir, 'work');
      for (const file of await readdir(work)) if (file !== '.keep') await rm(join(work, file));
      assert.is((await stage.run([])).kind, 'done');
      await assertClean(stage);
    }));

  test('an engine that stops in the middle', () =>
    withStage(async ({ dir, engine, context }) => {
      let stopping: Promise<void> | undefined;
      const say = (): void => {
        stopping ??= engine.stop();
      };
      const run = makeRun(dir, [sh('echo up; sleep 600')]);
      const error = await rejects(
        runInContainer(run, context({ progress: { ...context().progress, say } })),
        'CONTAINER_ENGINE_DOWN',
      );
      assert.match(error.message, 'docker');
      await stopping;
    }));

  test('a disk without room', () =>
    withStage(async stage => {
      const fill = await rejects(
        stage.run([sh(`dd if=/dev/zero of=big bs=1M count=1000`)]),
        'CONTAINER_NO_SPACE',
      );
      assert.match(fill.message, 'run /bin/sh');
      const big = join(stage.dir, 'big');
      await mkdir(big);
      await writeFile(join(big, 'file'), Buffer.alloc(400 * 1024 ** 2, 1));
      const copy = await rejects(stage.run([], { sources: big }), 'CONTAINER_NO_SPACE');
      assert.match(copy.message, 'copy the sources to the container');
      await assertClean(stage);
    }, '400m'));

  test('an image for another CPU, where nothing runs it', () =>
    withShared(async stage => {
      const root = join(stage.dir, 'foreign');
      await mkdir(join(root, 'bin'), { recursive: true });
      const header = Buffer.alloc(64);
      // A program for a CPU that no kernel knows.
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xfe, 0xfe, 1]).copy(
        header,
      );
      await writeFile(join(root, 'bin/sh'), header, { mode: 0o755 });
      // Docker's import takes any image for one of this machine's own CPU.
      const saved = join(stage.dir, 'saved');
      await mkdir(saved);
      await exec('tar', ['-C', root, '-cf', join(saved, 'layer.tar'), '.'], { cwd: '/' });
      const digest = createHash('sha256')
        .update(await readFile(join(saved, 'layer.tar')))
        .digest('hex');
      const rootfs = { type: 'layers', diff_ids: [`sha256:${digest}`] };
      await writeFile(
        join(saved, 'config.json'),
        JSON.stringify({ architecture: 'arm64', os: 'linux', config: {}, rootfs }),
      );
      const image = { Config: 'config.json', RepoTags: ['foreign:1'], Layers: ['layer.tar'] };
      await writeFile(join(saved, 'manifest.json'), JSON.stringify([image]));
      await exec('tar', ['-C', saved, '-cf', join(stage.dir, 'saved.tar'), '.'], { cwd: '/' });
      await stage.engine.docker('load', '--input', join(stage.dir, 'saved.tar'));
      const error = await rejects(
        stage.run([], { image: 'foreign:1', arch: 'arm64' }),
        'CONTAINER_EMULATION_MISSING',
      );
      assert.match(error.message, 'linux/arm64');
      assert.match(error.hint, 'binfmt');
      await assertClean(stage);
    }));

  test('an engine on another machine gets the sources and gives the results', () =>
    withShared(async ({ dir, context }) => {
      const [endpoint] = LISTEN;
      if (endpoint === undefined) return;
      const results = join(dir, 'far results');
      const run = makeRun(dir, [sh(`cp '${PLACES.in}/a file' ${PLACES.out}`)], { results });
      const far = context({ env: { ...context().env, DOCKER_HOST: endpoint } });
      assert.is((await runInContainer(run, far)).kind, 'done');
      assert.is(await readFile(join(results, 'a file'), 'utf8'), 'of mine');
    }));

  test('an image without a shell', () =>
    withShared(async ({ dir, engine, run }) => {
      await mkdir(join(dir, 'nothing'));
      await exec('tar', ['-C', join(dir, 'nothing'), '-cf', join(dir, 'nothing.tar'), '.'], { cwd: '/' });
      await engine.docker('import', join(dir, 'nothing.tar'), 'nothing:1');
      const error = await rejects(run([], { image: 'nothing:1' }), 'CONTAINER_TOOL_MISSING');
      assert.match(error.message, 'has no /bin/sh');
    }));

  test('a shell opens the same environment, and does what comes on stdin', () =>
    withShared(async ({ dir, engine }) => {
      const project = join(dir, 'my project');
      await writeFiles(project, {
        'index.mjs': 'export const handler = () => 1;',
        'package.json': '{ "name": "x", "dependencies": {} }',
        'package-lock.json': '{ "name": "x", "lockfileVersion": 3, "packages": {} }',
        '.npmrc': '//registry/:_authToken=sesame-3\n',
        'lambda-slim.config.json': JSON.stringify({
          entry: 'index.mjs',
          container: { packages: ['gcc-gfortran'], environment: ['ALLOWED_TOKEN'] },
        }),
      });
      const stdin =
        'pwd; ls /lambda-slim/in; cat /lambda-slim/secrets/npmrc /var/asked; echo "$ALLOWED_TOKEN" >&2; exit 7';
      const env = {
        ...(engine.env as Record<string, string>),
        ALLOWED_TOKEN: 'very secret',
        LAMBDA_SLIM_CACHE: join(dir, 'cache'),
      };
      const argv = ['container', 'shell', '--container-image', IMAGE, '--engine', 'docker'];
      const ran = await runFake(argv, { cwd: project, env, stdin });
      assert.is(ran.code, 7, ran.stderr);
      assert.match(ran.stdout, /^\/lambda-slim\/work\n/);
      assert.match(ran.stdout, '_authToken=***\n');
      assert.match(ran.stdout, 'install -y gcc-gfortran\n');
      assert.match(ran.stderr, /^\*\*\*$/m);
      assert.not.match(ran.stdout + ran.stderr, /sesame|very secret/);
      const volumes = await engine.docker('volume', 'ls', '--quiet');
      assert.match(volumes, /^lambda-slim-scratch-/);
      await engine.docker('volume', 'rm', volumes.trim());
      const none = await runFake(argv, { cwd: project, env: { ...env, DOCKER_HOST: 'unix:///nowhere' } });
      assert.is(none.code, 2);
      assert.match(none.stderr, 'CONTAINER_ENGINE_DOWN');
    }));

  test('somebody who is not root: outside of the group of Docker, and in it', () =>
    withShared(async stage => {
      const { dir, engine } = stage;
      const socket = join(dir, 'docker/docker.sock');
      for (const folder of [dir, join(dir, 'docker')]) await chmod(folder, 0o755);
      const nobody = join(dir, "nobody's");
      await writeFiles(nobody, { 'sources/a file': 'of nobody' });
      await exec('chown', ['-R', '65534:65534', nobody], { cwd: '/' });
      await chmod(join(nobody, 'sources'), 0o700);
      const steps = [
        sh(
          `id -u; id -g; ! touch ${PLACES.in}/x 2>/dev/null; cp '${PLACES.in}/a file' ${PLACES.out}; touch ${PLACES.scratch}/x; cat ${PLACES.secrets}/s`,
        ),
      ];
      const run = makeRun(dir, steps, {
        sources: join(nobody, 'sources'),
        results: join(nobody, 'results'),
        scratchKey: 'of nobody',
        credentials: { ...NO_CREDENTIALS, secrets: [{ name: 's', content: 'open\n' }] },
        options: { ...CONTAINER, packages: ['gcc'] },
      });
      const { progress: _, signal: __, ...context } = stage.context({ workDir: nobody, cacheDir: nobody });
      const start = (): Promise<string> =>
        runAsNobody(run, { ...context, env: { ...context.env, HOME: nobody } });
      assert.match(await start(), 'CONTAINER_ENGINE_DENIED');
      await chmod(socket, 0o666);
      assert.is(await start(), 'container | 65534|container | 65534|container | open|done');
      const found = await stat(join(nobody, 'results/a file'));
      assert.equal([found.uid, found.gid], [65534, 65534]);
      assert.equal((await readdir(nobody)).sort(), ['results', 'sources']);
      await engine.docker('volume', 'rm', (await engine.docker('volume', 'ls', '--quiet')).trim());
    }));

  test('a shell at a terminal, and one that is told to stop', () =>
    withShared(async ({ dir, engine }) => {
      const bin = join(dir, 'bin/lambda-slim.js');
      await writeFiles(dir, {
        'bin/.keep': '',
        'package.json': '{ "type": "module" }',
        dist: `-> ${fileURLToPath(new URL('../../src', import.meta.url))}`,
        'fn/index.mjs': 'export const handler = () => 1;',
        'fn/package.json': '{ "name": "x" }',
      });
      await copyFile('bin/lambda-slim.js', bin);
      const args = ['container', 'shell', 'index.mjs', '--container-image', IMAGE, '--no-cache'];
      const command = [process.execPath, bin, ...args];
      const options = { cwd: join(dir, 'fn'), env: { ...engine.env, LAMBDA_SLIM_CACHE: join(dir, 'cache') } };
      const terminal = spawn('script', ['-qec', command.join(' '), '/dev/null'], options);
      let seen = '';
      terminal.stdin.write('echo $((40 + 2)); [ -t 0 ] && exit 5\r');
      terminal.stdout.on('data', text => {
        seen += text;
      });
      assert.is((await once(terminal, 'close'))[0], 5, seen);
      assert.match(seen, '42\r\n');

      const [file = '', ...rest] = command;
      const piped = spawn(file, rest, options);
      piped.stdin.write('echo up; sleep 600\n');
      await once(piped.stdout, 'data');
      piped.kill('SIGHUP');
      assert.is((await once(piped, 'close'))[0], 130);
    }));
}

test.run();
