import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findTools } from '../../../../src/collect/python/install/find-tools.ts';
import { indexArgsOfPip } from '../../../../src/collect/python/install/pip-settings.ts';
import { makeContext, withProject } from '../../../helpers/project.ts';
import { offlineEnv, pythonPlatform } from '../../../helpers/python-project.ts';

const CONFIG = `
[global]
index-url = https://mirror.example.com/simple
extra-index-url =
    https://a.example.com/simple
    https://b.example.com/simple
trusted-host = b.example.com
[download]
find-links = /not/for/us
`;

test("the user's settings of pip count for uv as well", () =>
  withProject({ 'pip.conf': CONFIG }, async dir => {
    const { PIP_NO_INDEX: _, ...own } = offlineEnv('/wheels');
    const env = { ...own, PIP_CONFIG_FILE: join(dir, 'pip.conf') };
    const context = { ...makeContext(dir), env };
    const { pip } = await findTools(pythonPlatform().runtime, context);
    const project = {
      kind: 'requirements.txt',
      path: '',
      inputs: [],
      requirements: [],
      constraints: [],
      options: [],
      isLocked: false,
    } as const;
    const others = ['https://a.example.com/simple', 'https://b.example.com/simple'].flatMap(url => [
      '--extra-index-url',
      url,
    ]);
    const rest = [...others, '--find-links', '/wheels', '--allow-insecure-host', 'b.example.com'];
    const all = await indexArgsOfPip(pip, project, context);
    assert.equal(all, ['--index-url', 'https://mirror.example.com/simple', ...rest]);
    const named = { ...project, options: ['--index-url https://own.example.com/simple'] };
    assert.equal(await indexArgsOfPip(pip, named, context), rest);
    const offline = await indexArgsOfPip(pip, named, { ...context, env: { ...env, PIP_NO_INDEX: '1' } });
    assert.equal(offline, [...rest, '--no-index']);
  }));

test.run();
