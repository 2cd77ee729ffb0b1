import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeMask } from '../../src/container/mask.ts';
import { chooseVariables, listSecretValues, openVariables } from '../../src/container/step-environment.ts';

test('secrets are hidden as they are, as addresses write them, and line by line', () => {
  const mask = makeMask(['p@ss/word', 'token', 'token-longer', 'key one\nkey two', 'abc', '']);
  assert.is(mask('a p@ss/word b p%40ss%2Fword'), 'a *** b ***');
  assert.is(mask('token-longer token'), '*** ***');
  assert.is(mask('key two and key one'), '*** and ***');
  assert.is(mask('abc is a word of any output'), 'abc is a word of any output');
});

test('a password in an address is hidden, whoever put it there', () => {
  const mask = makeMask([]);
  assert.is(mask('GET https://me:secret@host:8080/a@b'), 'GET https://***@host:8080/a@b');
  assert.is(mask('GET https://me:se@cret@host/'), 'GET https://***@host/');
  for (const open of ['https://host:8080/a:b@c', 'https://host?a@b', 'ssh://git@host', 'x <a@b.c>'])
    assert.is(mask(open), open);
});

test('a token that stands alone in an address is hidden, a user of ssh or of git is not', () => {
  const mask = makeMask([]);
  assert.is(mask('x@git+https://gh_tok@host/x.git#0'), 'x@git+https://***@host/x.git#0');
  assert.is(mask('to https://tok@localhost:1/x.tgz, then'), 'to https://***@localhost:1/x.tgz, then');
  assert.is(mask('git+ssh://me:word@host'), 'git+ssh://***@host');
  for (const open of ['git+ssh://me@host', 'SSH://me@host', 'git+https://git@github.com/a/b'])
    assert.is(mask(open), open);
});

test('code of packages sees proxies without their password, unless the config names them', () => {
  const variables = { HTTPS_PROXY: 'http://me:word@proxy:1', ALL_PROXY: 'http://me:word@proxy:1', A: '1' };
  assert.equal(openVariables(variables, { environment: ['ALL_PROXY', 'A'] }), {
    ...variables,
    HTTPS_PROXY: 'http://proxy:1',
  });
});

test('only variables that are named, and proxies, are seen in a container', () => {
  const env = { A: '1', B: '2', EMPTY: '', http_proxy: 'http://p', NO_PROXY: 'x', HOME: '/me' };
  assert.equal(chooseVariables(env, ['A', 'EMPTY', 'MISSING']), {
    NO_PROXY: 'x',
    http_proxy: 'http://p',
    A: '1',
  });
});

test('variables that look like secrets by their names', () => {
  const names = ['GH_TOKEN', 'DB_PASSWORD', 'AWS_SECRET_ACCESS_KEY', 'MY_KEY', 'api_key', 'NPM_AUTH'];
  const others = ['MAKEFLAGS', 'MONKEY', 'CFLAGS', 'KEYBOARD', 'COMPASS'];
  const values = listSecretValues(Object.fromEntries([...names, ...others].map(name => [name, name])));
  assert.equal([...values].sort(), [...names].sort());
});

test.run();
