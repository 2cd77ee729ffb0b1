import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findOutput } from '../../src/check/outputs/find-output.ts';
import type { CheckOutput } from '../../src/check/subject.ts';
import { runFake } from '../helpers/fake-io.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

async function findIn(files: Files, folder: string): Promise<CheckOutput | null> {
  return withProject(files, async dir => {
    const found = await findOutput(join(dir, folder));
    if (found === null) return null;
    const rel = (path: string): string => relative(join(dir, folder), path);
    const subjects = found.subjects.map(each => ({
      ...each,
      path: rel(each.path),
      layers: each.layers.map(rel),
    }));
    return { ...found, subjects };
  });
}

const SAM = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: dev }
Globals:
  Function:
    Runtime: python3.12
    Timeout: 10
    Environment: { Variables: { STAGE: !Ref Stage } }
    Layers: [!Ref Deps]
Resources:
  Api:
    Type: AWS::Serverless::Function
    Metadata: { SamResourceId: Api }
    Properties:
      CodeUri: Api
      Handler: app.handler
      Architectures: [arm64]
      EphemeralStorage: { Size: 1024 }
      Environment: { Variables: { TABLE: !GetAtt Table.Arn, KEY: 'a' } }
      Layers:
        - !Ref Plain
        - arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53
      Policies: !If [IsProd, [], !Sub '\${Stage}-x']
  Picture:
    Type: AWS::Serverless::Function
    Properties: { PackageType: Image, ImageUri: 'x:latest' }
  Small:
    Type: AWS::Serverless::Function
    Properties: { InlineCode: 'def handler(e, c): pass', Handler: index.handler }
  Gone:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: Gone, Handler: app.handler }
  Outside:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ../../../secret, Handler: app.handler }
  Plain:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: ../../plain }
  Deps:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: Deps }
  Table: { Type: 'AWS::DynamoDB::Table' }
`;

const SAM_FILES = {
  '.aws-sam/build/template.yaml': SAM,
  '.aws-sam/build/Api/app.py': 'def handler(event, context): pass',
  '.aws-sam/build/Deps/python/dep.py': '',
  'plain/python/a.py': '',
};

const ENVIRONMENT = JSON.stringify({ STAGE: 'dev', TABLE: '', KEY: 'a' });

for (const folder of ['.aws-sam/build', '.aws-sam']) {
  test(`SAM: functions of ${folder}, with globals, layers and what is not there`, async () => {
    const found = await findIn(SAM_FILES, folder);
    const base = folder === '.aws-sam' ? 'build/' : '';
    assert.is(found?.tool, 'SAM');
    assert.equal(found?.subjects, [
      {
        name: 'Api',
        path: `${base}Api`,
        layers: [`${base}Deps`, base === '' ? '../../plain' : '../plain'],
        runtime: 'python3.12',
        arch: 'arm64',
        handler: 'app.handler',
        tmpMiB: 1024,
        environmentBytes: ENVIRONMENT.length,
        findings: [
          {
            code: 'LAYER_UNKNOWN',
            level: 'warning',
            layers: ['arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53'],
          },
        ],
      },
    ]);
    const reasons = found?.findings.map(finding =>
      finding.code === 'CODE_NOT_CHECKED' ? `${finding.level} ${finding.function} ${finding.reason}` : '',
    );
    assert.equal(reasons, [
      'info Picture image',
      'info Small inline',
      'error Gone missing',
      'error Outside elsewhere',
    ]);
  });
}

test('SAM: a template of a project that is not built is not taken for output', async () => {
  assert.is(await findIn({ 'template.yaml': SAM, 'Api/app.py': '' }, '.'), null);
  assert.is(await findIn({ 'fn/index.mjs': '' }, 'fn'), null);
});

const CDK = (more: object): string =>
  JSON.stringify({
    Resources: {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: { 'Fn::Sub': 'cdk-x' }, S3Key: 'aaaa.zip' },
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Layers: [{ Ref: 'Layer' }],
          Environment: { Variables: { A: { Ref: 'Table' } } },
          ...more,
        },
      },
      Layer: {
        Type: 'AWS::Lambda::LayerVersion',
        Properties: { Content: { S3Bucket: 'b', S3Key: 'bbbb.zip' } },
        Metadata: { 'aws:asset:path': 'asset.bbbb.zip' },
      },
    },
  });

const ASSETS = JSON.stringify({
  version: '36.0.0',
  files: { aaaa: { source: { path: 'asset.aaaa', packaging: 'zip' } } },
});

test('CDK: assets by their hash and by metadata, in stages as well', async () => {
  const layer = plainZip({ 'nodejs/a.js': '' });
  const found = await findIn(
    {
      'cdk.out/manifest.json': '{}',
      'cdk.out/App.template.json': CDK({ FunctionName: 'one' }),
      'cdk.out/App.assets.json': ASSETS,
      'cdk.out/asset.aaaa/index.mjs': '',
      'cdk.out/asset.bbbb.zip': layer,
      'cdk.out/assembly-Prod/manifest.json': '{}',
      'cdk.out/assembly-Prod/Prod.template.json': CDK({ FunctionName: 'two' }),
      'cdk.out/assembly-Prod/Prod.assets.json': ASSETS.replace('asset.aaaa', '../asset.aaaa'),
    },
    'cdk.out',
  );
  assert.equal(
    found?.subjects.map(({ name, path, layers, arch }) => [name, path, layers, arch]),
    [
      ['one', 'asset.aaaa', ['asset.bbbb.zip'], 'x64'],
      ['two', 'asset.aaaa', [], 'x64'],
    ],
  );
  assert.equal(
    found?.subjects.map(({ findings }) => findings.map(({ code }) => code)),
    [[], ['LAYER_UNKNOWN']],
  );
});

const SERVERLESS = JSON.stringify({
  Resources: {
    HelloLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { Ref: 'Bucket' }, S3Key: 'serverless/svc/dev/1-2026/svc.zip' },
        FunctionName: 'svc-dev-hello',
        Handler: 'src/hello.main',
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        EphemeralStorage: { Size: 20_480 },
        Environment: { Variables: { LONG: 'x'.repeat(5000) } },
      },
    },
    JavaLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: { Code: { S3Key: 'a/svc.zip' }, Runtime: 'java21', Handler: 'a.B::c' },
    },
  },
});

/** What `serverless package` leaves, with one sound file and a broken one. */
function withServerless(use: (cwd: string) => Promise<void>): Promise<void> {
  return withProject({}, async cwd => {
    await mkdir(join(cwd, '.serverless'));
    const template = join(cwd, '.serverless/cloudformation-template-update-stack.json');
    await writeFile(template, SERVERLESS);
    await writeFile(join(cwd, '.serverless/svc.zip'), plainZip({ 'src/hello.js': 'exports.other = 1;' }));
    await use(cwd);
  });
}

test('Serverless: the command judges each function by its settings', () =>
  withServerless(async cwd => {
    const ran = await runFake(['check', '.serverless', '--json'], { cwd });
    assert.equal([ran.code, ran.stderr], [1, '']);
    const { tool, functions, findings } = JSON.parse(ran.stdout);
    assert.equal([tool, findings], ['Serverless', []]);
    const brief = functions.map((each: { name: string; runtime: string; findings: { code: string }[] }) => [
      ...[each.name, each.runtime],
      each.findings.map(({ code }) => code),
    ]);
    assert.equal(brief, [
      ['svc-dev-hello', 'nodejs22.x', ['LIMIT_ENVIRONMENT', 'LIMIT_TMP', 'HANDLER_NOT_EXPORTED']],
      ['JavaLambdaFunction', 'java21', []],
    ]);
  }));

test('runtimes of the past and of other languages are told with their dates', () =>
  withServerless(async cwd => {
    const template = join(cwd, '.serverless/cloudformation-template-update-stack.json');
    await writeFile(template, SERVERLESS.replace('java21', 'go1.x').replace('nodejs22.x', 'nodejs16.x'));
    const { functions } = JSON.parse((await runFake(['check', '.serverless', '--json'], { cwd })).stdout);
    const told = functions.flatMap(({ findings }: { findings: Record<string, string>[] }) =>
      findings
        .filter(({ code }) => code === 'RUNTIME_DEPRECATED')
        .map(each => [each.level, each.runtime, each.deprecated, each.blockCreate, each.blockUpdate]),
    );
    assert.equal(told, [
      ['warning', 'nodejs16.x', '2024-06-12', '2027-02-01', '2027-03-03'],
      ['warning', 'go1.x', '2024-01-08', '2024-02-08', '2027-03-03'],
    ]);
  }));

test('people read the name of each function, and options that would be for all are refused', () =>
  withServerless(async cwd => {
    const ran = await runFake(['check', '.serverless'], { cwd });
    assert.match(ran.stdout, '2 functions of Serverless');
    assert.match(ran.stdout, /svc-dev-hello {2}.*svc\.zip {2}nodejs22\.x, arm64/);
    assert.match(ran.stdout, 'environment 5,011 of 4,096');
    const refused = await runFake(['check', '.serverless', '--arch', 'arm64'], { cwd });
    assert.is(refused.code, 2);
    assert.match(refused.stderr, '--arch');
  }));

test('a template that cannot be read is named', () =>
  withProject(
    {
      '.aws-sam/build/template.yaml': 'Resources: [not a map',
      'cdk.out/manifest.json': '{}',
      'cdk.out/A.template.json': '{"Resources": 1}',
    },
    async dir => {
      const yaml = await rejects(findOutput(join(dir, '.aws-sam/build')), 'INPUT_UNREADABLE');
      assert.match(yaml.message, 'template.yaml');
      const json = await rejects(findOutput(join(dir, 'cdk.out')), 'INPUT_UNREADABLE');
      assert.match(json.message, /A\.template\.json.*no template of CloudFormation/);
    },
  ));

test('a template that is a link is not followed', () =>
  withProject({ 'outside.yaml': SAM, ...SAM_FILES }, async dir => {
    const template = join(dir, '.aws-sam/build/template.yaml');
    await rm(template);
    await symlink(join(dir, 'outside.yaml'), template);
    const error = await rejects(findOutput(join(dir, '.aws-sam/build')), 'INPUT_UNREADABLE');
    assert.match(error.message, 'it is a link');
  }));

test('a folder without functions is told, not judged as sound', () =>
  withProject(
    { 'cdk.out/manifest.json': '{}', 'cdk.out/A.template.json': '{"Resources": {}}' },
    async dir => {
      const error = await rejects(findOutput(join(dir, 'cdk.out')), 'INPUT_UNREADABLE');
      assert.match(error.message, 'no function');
    },
  ));

for (const folder of ['cdk.out', '.serverless', '.aws-sam', '.aws-sam/build']) {
  test(`${folder} without a template is told, not judged as a function`, () =>
    withProject({ [`${folder}/manifest.json`]: '{}' }, async dir => {
      const error = await rejects(findOutput(join(dir, folder)), 'INPUT_UNREADABLE');
      assert.match(error.message, 'no template');
    }));
}

test('a link in the folder does not lead outside of it, for a function or a layer', () =>
  withProject({ ...SAM_FILES, 'other/a.txt': '' }, async dir => {
    const root = join(dir, 'project');
    const build = join(root, '.aws-sam/build');
    await mkdir(join(build, 'Real'), { recursive: true });
    for (const name of ['Api', 'Deps']) await symlink(join(dir, 'other'), join(build, name));
    await symlink('Real', join(build, 'Gone'));
    await writeFile(join(build, 'template.yaml'), SAM);
    const found = await findOutput(build);
    assert.equal(
      found?.subjects.map(({ name, findings }) => [name, findings[0]?.code]),
      [['Gone', 'LAYER_UNKNOWN']],
    );
    const api = found?.findings.find(finding => 'function' in finding && finding.function === 'Api');
    assert.ok(api?.code === 'CODE_NOT_CHECKED' && api.reason === 'elsewhere');
  }));

test('aliases of YAML that unfold without end are refused', () => {
  const lines = Array.from({ length: 30 }, (_, index) =>
    index === 0
      ? 'a0: &a0 [x, x]'
      : `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  );
  const files = { '.aws-sam/build/template.yaml': `${lines.join('\n')}\nResources: {}\n` };
  return withProject(files, async dir => {
    await rejects(findOutput(join(dir, '.aws-sam/build')), 'INPUT_UNREADABLE');
  });
});

test.run();
