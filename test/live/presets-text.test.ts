import { execFile, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectPython } from '../../src/collect/python/collect-python.ts';
import { loadPresets } from '../../src/presets/load.ts';
import { prune } from '../../src/prune/prune.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, makeContext, withProject } from '../helpers/project.ts';
import { PYTHON, type Ran } from '../helpers/python-artifact.ts';
import { makePythonFunction, pythonPlatform } from '../helpers/python-project.ts';
import { TRAPS } from './python-traps.ts';

const PRESETS = ['boto3', 'botocore', 'grpcio', 'protobuf', 'spacy', 'tokenizers', 'transformers'];
const TOOLS = ['pip', 'setuptools', 'wheel'];

const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
const ask = (code: string) => spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' }).stdout.trim();
const VERSION = ask('import sys; print("%d.%d" % sys.version_info[:2])');
const ARCH = ask('import platform; print(platform.machine())') === 'x86_64' ? 'x64' : 'arm64';

const { presets, alwaysKeep } = await loadPresets();
const library = { presets, alwaysKeep };
const smokes = PRESETS.map(name => {
  const preset = presets.find(each => each.ecosystem === 'pypi' && each.name === name);
  return { name, work: preset?.smoke ?? `raise SystemExit("no preset for ${name}")` };
});

/** Runs code with one folder of packages and nothing else of this machine; what it says, and how it ended. */
function run(root: string, code: string, tmp: string) {
  const args = ['-c', `import sys; sys.path.remove('')\n${code}`];
  const own = {
    HOME: tmp,
    TMPDIR: tmp,
    PYTHONPATH: root,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONNOUSERSITE: '1',
  };
  const options = { cwd: tmp, encoding: 'utf8', env: { PATH: env.PATH, ...own } } as const;
  return new Promise<Ran>(resolve => {
    execFile(PYTHON, args, options, (error, stdout, stderr) =>
      resolve({ status: error ? 1 : 0, stdout, stderr }),
    );
  });
}

test('what presets leave works as what was installed does, although the handler imports nothing of it', () => {
  const requires = [...new Set([...PRESETS, ...TOOLS, ...TRAPS.flatMap(trap => trap.requires)])];
  const files = {
    'requirements.txt': requires.join('\n'),
    'app.py': 'def handler(event, context): pass\n',
  };
  return withProject(files, async dir => {
    const work = join(dir, '.work');
    await mkdir(work);
    const fn = makePythonFunction(dir, { platform: pythonPlatform(VERSION, ARCH) });
    const { tree } = await collectPython(fn, makeContext(work));
    const sample = tree.entries.find(({ path }) => path === 'boto3/__init__.py');
    assert.ok(sample?.kind === 'file' && sample.source.kind === 'disk');
    const full = join(sample.source.path, '..', '..');
    const options = {
      library,
      disable: [],
      enable: [],
      keep: [],
      declared: { awsServices: ['s3', 'dynamodb'] },
    };
    const { tree: slim } = prune(tree, { ...options, level: 'bold' }, fn.platform);
    const root = join(dir, 'slim');
    await layOutTree(slim.entries, root);

    const sizeOf = (prefix: RegExp) =>
      slim.entries.reduce(
        (sum, each) => sum + (each.kind === 'file' && prefix.test(each.path) ? each.bytes : 0),
        0,
      );
    assert.equal(
      slim.entries.filter(({ path }) => /^(?:pip|setuptools|wheel|_distutils_hack)\//.test(path)),
      [],
    );
    assert.ok(sizeOf(/^botocore\//) < 4_500_000, `botocore: ${sizeOf(/^botocore\//)}`);
    assert.ok(sizeOf(/^transformers\//) < 25_000_000, `transformers: ${sizeOf(/^transformers\//)}`);
    for (const { name, work: code } of [...smokes, ...TRAPS]) {
      const [before, after] = await Promise.all([run(full, code, dir), run(root, code, dir)]);
      assert.is(before.status, 0, `${name}, as it was installed: ${before.stderr}`);
      assert.equal([after.stdout, after.status], [before.stdout, 0], `${name}: ${after.stderr}`);
    }
  });
});

const RUNTIME = `python${VERSION}`;

/** Runs a command of the CLI, which has to end well. */
async function succeeds(cwd: string, args: readonly string[]) {
  const { code, stdout, stderr } = await runFake(args, { cwd, env });
  assert.is(code, 0, stdout + stderr);
  return stdout;
}

const AWS: Files = {
  'requirements.txt': 'boto3==1.44.5\npip\nwheel\nsetuptools<81\n',
  'app.py': `
import boto3
def handler(event, context):
    client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    return client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"}, ExpiresIn=9)[:30]
`,
};

async function listArtifact(cwd: string): Promise<readonly string[]> {
  const { entries } = await readZipDirectory(join(cwd, 'lambda-slim-out', 'function.zip'));
  return entries.map(({ path }) => path);
}

const build = ['build', 'app.py', '--runtime', RUNTIME, '--arch', ARCH, '--json'];

test('services of AWS: what declaring them saves is told, and saved', () =>
  withProject(AWS, async cwd => {
    const before = JSON.parse(await succeeds(cwd, build));
    const told = before.findings.find(({ code }: { code: string }) => code === 'AWS_SERVICES_UNDECLARED');
    assert.equal(told?.services, ['s3']);
    await withProject(
      { ...AWS, 'lambda-slim.config.json': '{ "entry": "app.py", "python": { "awsServices": ["s3"] } }' },
      async declared => {
        const after = JSON.parse(await succeeds(declared, build));
        const saved = before.artifact.unzippedBytes - after.artifact.unzippedBytes;
        // The RECORD gets shorter as well.
        assert.ok(saved >= told.bytes && saved < told.bytes * 1.03, `${saved} saved, ${told.bytes} told`);
        assert.ok(after.artifact.unzippedBytes < 12_000_000, `${after.artifact.unzippedBytes}`);
        assert.match(await succeeds(declared, ['invoke', '--event', '{}']), 'https://bucket.s3');
        assert.match(await succeeds(declared, ['verify', 'app.py', '--runtime', RUNTIME]), /same/);
      },
    );
  }));

test('what the runtime provides stays out, all of the SDK, and runs with it', () =>
  withProject(
    {
      ...AWS,
      'requirements.txt': 'boto3\nrequests\n',
      'lambda-slim.config.json':
        '{ "entry": "app.py", "python": { "runtimeProvides": true }, "verify": { "enabled": true, "events": ["events/*.json"] } }',
      'events/one.json': '{}',
    },
    async cwd => {
      const built = JSON.parse(await succeeds(cwd, build));
      const tops = new Set((await listArtifact(cwd)).map(path => path.replace(/[/-].*$/, '')));
      assert.equal(
        ['boto3', 'botocore', 's3transfer', 'jmespath', 'dateutil', 'six.py'].filter(top => tops.has(top)),
        [],
      );
      assert.ok(tops.has('urllib3'), 'requests needs it');
      assert.ok(built.findings.some(({ code }: { code: string }) => code === 'RUNTIME_PROVIDES'));
      assert.ok(built.verification, 'what was left to the runtime was there when it was verified');
      await withTempDir(async packages => {
        const args = ['-m', 'pip', 'install', '-q', '--no-compile', '--target', packages, 'boto3'];
        assert.is(spawnSync(PYTHON, args, { stdio: 'ignore' }).status, 0);
        const ran = ['invoke', '--event', '{}', '--runtime-packages', packages];
        assert.match(await succeeds(cwd, ran), 'https://bucket.s3');
      });
    },
  ));

test('pkg_resources, and packages that it declares, keep setuptools whole', () =>
  withProject(
    {
      'requirements.txt': 'APScheduler==3.9.1.post1\nrepoze.lru==0.7\nsetuptools<81\npip\n',
      'app.py': `
import time
import repoze.lru
from apscheduler.schedulers.background import BackgroundScheduler
def handler(event, context):
    seen = []
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(lambda: seen.append(1), "date")
    scheduler.start()
    time.sleep(0.5)
    scheduler.shutdown()
    import pkg_resources
    return [len(seen), repoze.lru.LRUCache(3).size, pkg_resources.get_distribution("apscheduler").version]
`,
    },
    async cwd => {
      await succeeds(cwd, build);
      const paths = await listArtifact(cwd);
      assert.ok(paths.includes('pkg_resources/__init__.py') && !paths.includes('pip/__init__.py'));
      assert.match(await succeeds(cwd, ['invoke', '--event', '{}']), '[1,3,"3.9.1.post1"]');
    },
  ));

test.run();
