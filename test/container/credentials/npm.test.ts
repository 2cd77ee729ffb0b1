import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findNpmCredentials } from '../../../src/container/credentials/npm.ts';
import { withProject } from '../../helpers/project.ts';

const textOf = (secrets: readonly { name: string; content: string | Uint8Array }[], name: string): string =>
  String(secrets.find(each => each.name === name)?.content ?? '');

test("settings of the user and of the project are one file, the project's last", () =>
  withProject(
    {
      'home/.npmrc': 'registry=https://mirror/\ncache=/mine\n//mirror/:_authToken=user-token\n',
      'app/.npmrc': `//mirror/:_authToken=\${APP_TOKEN}\n@scope:registry=https://u:pass-word@other/\n`,
      'app/.yarnrc.yml': 'npmAuthToken: yarn-token\n',
      'ca.pem': 'certificate',
    },
    async dir => {
      const env = {
        HOME: `${dir}/home`,
        APP_TOKEN: 'app-token',
        OTHER: 'x',
        NODE_EXTRA_CA_CERTS: `${dir}/ca.pem`,
        'npm_config_//r/:_authToken': 'by-variable',
        npm_config_registry: 'https://r/',
      };
      const { secrets, env: passed, masked } = await findNpmCredentials([`${dir}/app`], env);
      assert.is(
        textOf(secrets, 'npmrc').replace(/\n+/g, '\n'),
        `registry=https://mirror/\n//mirror/:_authToken=user-token\n//mirror/:_authToken=\${APP_TOKEN}\n@scope:registry=https://u:pass-word@other/\n`,
      );
      assert.is(textOf(secrets, 'yarnrc.yml'), 'npmAuthToken: yarn-token\n');
      assert.is(textOf(secrets, 'ca.pem'), 'certificate');
      assert.equal(passed, {
        npm_config_userconfig: '/lambda-slim/secrets/npmrc',
        'npm_config_//r/:_authToken': 'by-variable',
        npm_config_registry: 'https://r/',
        APP_TOKEN: 'app-token',
        NODE_EXTRA_CA_CERTS: '/lambda-slim/secrets/ca.pem',
        npm_config_cafile: '/lambda-slim/secrets/ca.pem',
      });
      for (const secret of ['user-token', 'app-token', 'yarn-token', 'by-variable'])
        assert.ok(masked.includes(secret), secret);
      assert.not.ok(masked.includes('https://r/'));
    },
  ));

test('where nothing is set, nothing is handed over; folders of this machine never are', () =>
  withProject({ 'app/.npmrc': `prefix=\${HOME}/x\nkey=\${PATH}\n` }, async dir => {
    const { env, secrets } = await findNpmCredentials([`${dir}/app`], { HOME: dir, PATH: '/bin' });
    assert.equal(env, { npm_config_userconfig: '/lambda-slim/secrets/npmrc' });
    assert.equal(
      secrets.map(({ name }) => name),
      ['npmrc'],
    );
    assert.not.match(textOf(secrets, 'npmrc'), 'prefix');
  }));

test.run();
