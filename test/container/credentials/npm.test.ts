import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findNpmCredentials } from '../../../src/container/credentials/npm.ts';
import { openNpmrc } from '../../../src/container/credentials/open-npmrc.ts';
import { scopeRegistries } from '../../../src/container/credentials/scope-registries.ts';
import { withProject } from '../../helpers/project.ts';

const textOf = (secrets: readonly { name: string; content: string | Uint8Array }[], name: string): string =>
  String(secrets.find(each => each.name === name)?.content ?? '');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

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
        'npm_config_@x:registry': 'https://tok-en@x/',
      };
      const { secrets, env: passed, masked, open } = await findNpmCredentials([`${dir}/app`], env);
      assert.is(
        textOf(secrets, 'npmrc').replace(/\n+/g, '\n'),
        `registry=https://mirror/\n//mirror/:_authToken=user-token\n//mirror/:_authToken=\${APP_TOKEN}\n@scope:registry=https://other/\n//other/:_auth=${base64('u:pass-word')}\n//x/:_auth=${base64('tok-en:')}\n`,
      );
      assert.is(textOf(secrets, 'yarnrc.yml'), 'npmAuthToken: yarn-token\n');
      assert.is(textOf(secrets, 'ca.pem'), 'certificate');
      assert.equal(passed, {
        npm_config_userconfig: '/lambda-slim/secrets/npmrc',
        'npm_config_//r/:_authToken': 'by-variable',
        npm_config_registry: 'https://r/',
        'npm_config_@x:registry': 'https://x/',
        APP_TOKEN: 'app-token',
        NODE_EXTRA_CA_CERTS: '/lambda-slim/secrets/ca.pem',
        npm_config_cafile: '/lambda-slim/secrets/ca.pem',
      });
      for (const secret of [
        'user-token',
        'app-token',
        'yarn-token',
        'by-variable',
        'pass-word',
        'tok-en',
        base64('u:pass-word'),
      ])
        assert.ok(masked.includes(secret), secret);
      assert.not.ok(masked.includes('https://r/'));
      assert.is(
        textOf(open.secrets, 'npmrc').replace(/\n+/g, '\n'),
        'registry=https://mirror/\n@scope:registry=https://other/\n',
      );
      assert.equal(
        open.secrets.map(({ name }) => name),
        ['npmrc', 'ca.pem'],
      );
      assert.equal(open.env, {
        npm_config_userconfig: '/lambda-slim/secrets/npmrc',
        npm_config_registry: 'https://r/',
        'npm_config_@x:registry': 'https://x/',
        NODE_EXTRA_CA_CERTS: '/lambda-slim/secrets/ca.pem',
        npm_config_cafile: '/lambda-slim/secrets/ca.pem',
      });
    },
  ));

test('where nothing is set, nothing is handed over; folders of this machine never are', () =>
  withProject(
    { 'app/.npmrc': `prefix=\${HOME}/x\nnodedir=/usr\npython = /me/python\nkey=\${PATH}\n` },
    async dir => {
      const { env, secrets } = await findNpmCredentials([`${dir}/app`], { HOME: dir, PATH: '/bin' });
      assert.equal(env, { npm_config_userconfig: '/lambda-slim/secrets/npmrc' });
      assert.equal(
        secrets.map(({ name }) => name),
        ['npmrc'],
      );
      assert.not.match(textOf(secrets, 'npmrc'), /prefix|nodedir|python/);
    },
  ));

test('users and passwords of registries are settings of their own', () => {
  const npmrc = `a=1\n@s:registry = "https://$\{USER_NAME}:p%40ss@host:81/npm"\nregistry=https://$\{NONE}/\n`;
  assert.is(
    scopeRegistries(npmrc, { USER_NAME: 'me' }),
    `a=1\n@s:registry = https://host:81/npm\n//host:81/npm/:_auth=${base64('me:p@ss')}\nregistry=https://$\{NONE}/\n`,
  );
});

test('what code of packages sees of an npmrc is no secret in any form', () => {
  const lines = [
    '_auth = "Ym9i"',
    '//r/:_authToken=abc',
    '//r/:username=bob',
    '//r/:certfile=/me/cert.pem',
    'cert="-----BEGIN"',
    'ca[]="-----BEGIN AUTHORITY"',
    'https-proxy=http://me:p@ss@proxy:8080',
    'x_binary_host=https://files/?token=hidden-1',
    'registry=https://tok-en@r/',
    'y_api_key=z',
    '; by hidden-2',
    'strict-ssl=false',
  ];
  assert.is(
    openNpmrc(lines.join('\r\n'), ['hidden-1']),
    'ca[]="-----BEGIN AUTHORITY"\nhttps-proxy=http://proxy:8080\nregistry=https://r/\nstrict-ssl=false',
  );
});

test.run();
