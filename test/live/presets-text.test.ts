import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/python-artifact.ts';
import { TRAPS } from './python-traps.ts';
import {
  ARCH,
  assertSame,
  ENV,
  hasPython,
  PYTHON,
  pruned,
  smokeOf,
  VERSION,
  withInstalled,
} from './slim-python.ts';

const python = suite('real packages of Python 3.12');
const test = hasPython || process.env.CI ? python : python.skip;

const PRESETS = [
  ...['boto3==1.44.5', 'botocore==1.44.5', 'grpcio==1.85.1', 'protobuf==7.36.2', 'spacy==3.8.18'],
  ...['tokenizers==0.23.3', 'transformers==5.23.0'],
];
const TOOLS = ['pip', 'setuptools', 'wheel'];
const smokes = PRESETS.map(each => smokeOf(each.replace(/==.*/, '')));

test('what presets leave works as what was installed does, although the handler imports nothing of it', () =>
  withInstalled([...PRESETS, ...TOOLS, ...new Set(TRAPS.flatMap(trap => trap.requires))], async installed => {
    const { full, dir } = installed;
    const tree = pruned(installed, 'bold');
    const slim = join(dir, 'slim');
    await layOutTree(tree.entries, slim);
    const under = (folder: RegExp) => tree.entries.filter(({ path }) => folder.test(path));
    const sizeOf = (folder: RegExp) => bytesOf({ ...tree, entries: under(folder) });
    assert.equal(under(/^(?:pip|setuptools|wheel|_distutils_hack)\//), []);
    assert.ok(sizeOf(/^botocore\//) < 4_500_000, `botocore: ${sizeOf(/^botocore\//)}`);
    assert.ok(sizeOf(/^transformers\//) < 25_000_000, `transformers: ${sizeOf(/^transformers\//)}`);
    const traps = TRAPS.map(({ name, work }) => ({ name, code: work }));
    for (const smoke of [...smokes, ...traps]) await assertSame(full, slim, smoke, dir);
  }));

const RUNTIME = `python${VERSION}`;

/** Runs a command of the CLI, which has to end well. */
async function succeeds(cwd: string, args: readonly string[]) {
  const { code, stdout, stderr } = await runFake(args, { cwd, env: ENV });
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

python.run();
