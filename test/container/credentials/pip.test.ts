import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { joinConfigs } from '../../../src/container/credentials/join-configs.ts';
import { findPipCredentials } from '../../../src/container/credentials/pip.ts';
import { withProject } from '../../helpers/project.ts';

test('pip gets its settings, netrc and certificates as files in memory', () =>
  withProject(
    {
      'home/.config/pip/pip.conf': '[global]\nindex-url = https://me:pass-word@mirror/\ncert = /x/ca.pem\n',
      'home/.netrc': 'machine mirror login me password net-word\n',
      'own.conf': '[global]\ntimeout = 5\n[install]\nno-binary = :all:\n',
      'ca.pem': 'certificate',
    },
    async dir => {
      const { secrets, env, masked } = await findPipCredentials({
        HOME: `${dir}/home`,
        PIP_CONFIG_FILE: `${dir}/own.conf`,
        PIP_CERT: `${dir}/ca.pem`,
        PIP_EXTRA_INDEX_URL: 'https://__token__:tok-en@other/',
        PIP_CACHE_DIR: '/mine',
        UV_INDEX_PRIVATE_PASSWORD: 'uv-word',
      });
      assert.equal(
        secrets.map(({ name }) => name),
        ['pip.conf', 'netrc', 'pip-ca.pem'],
      );
      const config = String(secrets[0]?.content);
      assert.match(config, 'index-url = https://me:pass-word@mirror/');
      assert.match(config, 'timeout = 5');
      assert.match(config, '[install]\nno-binary = :all:');
      assert.not.match(config, 'cert');
      assert.equal(env, {
        PIP_EXTRA_INDEX_URL: 'https://__token__:tok-en@other/',
        UV_INDEX_PRIVATE_PASSWORD: 'uv-word',
        PIP_CONFIG_FILE: '/lambda-slim/secrets/pip.conf',
        NETRC: '/lambda-slim/secrets/netrc',
        PIP_CERT: '/lambda-slim/secrets/pip-ca.pem',
        SSL_CERT_FILE: '/lambda-slim/secrets/pip-ca.pem',
      });
      for (const secret of ['pass-word', 'net-word', 'tok-en', 'uv-word'])
        assert.ok(masked.includes(secret), secret);
    },
  ));

test('without files there is an empty one, so that pip of the image reads no other', () =>
  withProject({ 'x.conf': '[global]\nindex-url = https://a/\n' }, async dir => {
    const { secrets, env } = await findPipCredentials({ HOME: dir, PIP_CONFIG_FILE: '/dev/null' });
    assert.equal(secrets, [{ name: 'pip.conf', content: '' }]);
    assert.equal(env, { PIP_CONFIG_FILE: '/lambda-slim/secrets/pip.conf' });
  }));

test('of several files a section stands once, and the last value counts', () => {
  const first = '[global]\n# mine\nindex-url = https://a/\n  https://b/\nretries: 3\n[list]\nformat = json\n';
  const second = '[install]\nno-deps = true\n\n[global]\nretries = 5\r\n';
  assert.is(
    joinConfigs([first, second]),
    '[global]\nindex-url = https://a/\n  https://b/\nretries = 5\n[list]\nformat = json\n[install]\nno-deps = true\n',
  );
  assert.is(joinConfigs([]), '');
});

test.run();
