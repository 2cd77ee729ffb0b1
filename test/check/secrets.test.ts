import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findSecrets } from '../../src/check/secrets/find-secrets.ts';
import type { Finding } from '../../src/findings.ts';
import { checkFile } from '../helpers/check.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

// Put together here, so that nothing in this file looks like one.
const random = (characters: number): string =>
  'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0fX'.repeat(3).slice(0, characters);
const NPM = `npm_${random(36)}`;
const GITHUB = `ghp_${random(36)}`;
const AKIA = `AKIA${'QWERTYUIOPASDFGH'}`;
const AWS_SECRET = `wJ4lrXUtnF2MI/K7MDENG+bPxRfiCY9zQ8vT1aBc`;
const DIGITS = '581734920617';
const HEX = '9f3c07b1e85a264dd1704be92c6f8a35';
const { privateKey: ED25519, publicKey: PUBLIC } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const FOUND: readonly (readonly [string, string, string])[] = [
  ['a private key', 'a.pem', ED25519],
  ['a private key', 'account.json', JSON.stringify({ private_key: ED25519 })],
  ['an access key of AWS with its secret', 'a.js', `const id = '${AKIA}';\nconst key = '${AWS_SECRET}';`],
  [
    'a temporary access key of AWS with its secret',
    'a.ini',
    `id=${AKIA.replace('AKIA', 'ASIA')}\nkey=${AWS_SECRET}`,
  ],
  ['an access key of AWS with its secret', 'credentials', `id=${AKIA}\naws_secret_access_key=${AWS_SECRET}`],
  ['an access key of AWS with its secret', '.env', `SECRET=${AWS_SECRET}\nAWS_ACCESS_KEY_ID=${AKIA}`],
  [
    'an access key of AWS with its secret',
    'c.json',
    `{"SecretAccessKey":"${AWS_SECRET}","AccessKeyId":"${AKIA}"}`,
  ],
  [
    'an access key of AWS with its secret',
    'a.ini',
    `${AKIA} ${'0123456789abcdef0123'.repeat(2)} ${AWS_SECRET}`,
  ],
  ['a token of npm', '.npmrc', `x=${NPM}`],
  ['a login of a package registry', '.npmrc', `//npm.example.org/:_authToken=${random(20)}`],
  ['a login of a package registry', 'a/.npmrc', `_auth = ${random(20)}`],
  ['a token of GitHub', 'ci.yml', `token: ${GITHUB}`],
  ['a token of GitLab', 'ci.yml', `token: glpat-${random(20)}`],
  ['a token of Slack', 'a.js', `t = 'xoxb-${DIGITS}-${DIGITS}-${random(24)}'`],
  ['a token of Slack', 'a.js', `t = 'xoxp-${DIGITS}-${DIGITS}-${DIGITS}-${HEX}'`],
  ['a token of Slack', 'a.js', `t = 'xapp-1-A01BCDE2FGH-${DIGITS}-${HEX.repeat(2)}'`],
  ['a token of Slack', 'a.js', `t = 'xoxe.xoxp-1-${random(96)}${random(67)}'`],
  ['a live key of Stripe', 'a.py', `KEY = "sk_${'live'}_${random(24)}"`],
];

for (const [what, path, text] of FOUND) {
  test(`${what} is found in ${path}, and not told itself`, () => {
    const found = findSecrets(`first line\n${text}\n`, path);
    assert.equal(
      found.map(each => each.what),
      [what],
    );
    assert.ok(found.every(({ line }) => line === 2));
    for (const word of text.split(/[^\w/+]+/).filter(each => each.length > 18))
      assert.not.ok(JSON.stringify(found).includes(word), 'the secret is told');
  });
}

const HARMLESS: readonly (readonly [string, string, string])[] = [
  ['a public key', 'a.pem', PUBLIC],
  ['the frame of a key without one', 'a.js', "const head = '-----BEGIN PRIVATE KEY-----\\n' + body"],
  ['an access key of AWS alone', 'a.js', AKIA],
  ['the access key of the documentation', 'a.js', `AKIA${'IOSFODNN7EXAMPLE'} ${AWS_SECRET}`],
  ['a secret that lies far from an access key', 'a.js', `${AWS_SECRET}${' '.repeat(161)}${AKIA}`],
  [
    'the end of a longer text near an access key',
    'a.js',
    `${random(60)}${AWS_SECRET}${'\n'.repeat(160)}${AKIA}`,
  ],
  ['an access key beside a digest', 'a.js', `${AKIA} ${'0123456789abcdef0123'.repeat(2)}`],
  ['a login that comes from the environment', '.npmrc', `//npm.example.org/:_authToken=$${'{NPM_TOKEN}'}`],
  ['settings of npm', '.npmrc', 'package-lock=false\n# _authToken=abcdefghijkl'],
  ['a login in a file that npm does not read', 'a.txt', `_authToken=${random(20)}`],
  ['a placeholder', 'a.yml', `ghp_${'x'.repeat(36)}`],
  ['a word that is too short', 'a.yml', GITHUB.slice(0, -1)],
];

for (const [what, path, text] of HARMLESS)
  test(`${what} is no secret`, () => assert.equal(findSecrets(text, path), []));

test('what is shown is the start of the very kind', () => {
  const shown = (text: string, path = 'a.js'): string | undefined => findSecrets(text, path)[0]?.masked;
  assert.is(shown(`rk_${'live'}_${random(24)}`), 'rk_live_');
  assert.is(shown(`gho_${random(36)}`), 'gho_');
  assert.is(shown(`xapp-1-A01BCDE2FGH-${DIGITS}-${HEX.repeat(2)}`), 'xapp-');
  assert.is(shown(`//npm.example.org/:_authToken=${random(20)}`, '.npmrc'), '_authToken');
  assert.is(shown(ED25519.replaceAll('PRIVATE', 'EC PRIVATE')), '-----BEGIN EC PRIVATE KEY');
});

const brief = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ code }) => code.startsWith('SECRET'))
    .map(finding => `${finding.level} ${finding.code} ${'path' in finding ? finding.path : ''}`);

const TREE = {
  'src/config.js': `\n\nexport const token = '${GITHUB}';`,
  'test/key.pem': ED25519,
  'node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
  'node_modules/a/settings.json': `{"token":"${NPM}"}`,
  'node_modules/a/test/fixtures/key.pem': ED25519,
  'node_modules/a/index.js': `// ${NPM}`,
  'node_modules/a/.npmrc': 'package-lock=false',
  'node_modules/a/secret.p12': 'binary',
  '.env': 'A=1',
};
const EXPECTED = [
  'error SECRET_CONTENT src/config.js',
  'info SECRET_CONTENT node_modules/a/test/fixtures/key.pem',
  'info SECRET_FILE node_modules/a/secret.p12',
  'warning SECRET_CONTENT node_modules/a/settings.json',
  'warning SECRET_CONTENT test/key.pem',
  'warning SECRET_FILE .env',
];

test('own secrets are errors, those of packages warnings, and those of tests less', () =>
  withProject({ ...nest(TREE), 'a.zip': plainZip(TREE) }, async dir => {
    const ofFolder = brief((await checkFile(join(dir, 'fn'))).findings);
    assert.equal([...ofFolder].sort(), EXPECTED);
    const { findings } = await checkFile(join(dir, 'a.zip'));
    assert.equal([...brief(findings)].sort(), EXPECTED);
    const own = findings.find(finding => finding.code === 'SECRET_CONTENT' && finding.level === 'error');
    assert.equal(own, {
      ...{
        code: 'SECRET_CONTENT',
        level: 'error',
        path: 'src/config.js',
        line: 3,
        what: 'a token of GitHub',
      },
      ...{ masked: 'ghp_', count: 1 },
    });
    assert.not.match(JSON.stringify(findings), GITHUB);
  }));

function nest(tree: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tree).map(([path, text]) => [`fn/${path}`, text]));
}

test('a small own file is searched whatever its name is, a large one by its name', () => {
  const tree = { 'k.dat': ED25519, 'k.bin': ED25519, 'large.bin': `${ED25519}${' '.repeat(64 * 1024)}` };
  return withProject(tree, async dir => {
    const expected = ['error SECRET_CONTENT k.bin', 'error SECRET_CONTENT k.dat'];
    assert.equal([...brief((await checkFile(dir)).findings)].sort(), expected);
  });
});

test('what is no text, or too large, is not searched', () =>
  withProject({ 'a.js': `\0${GITHUB}`, 'b.js': `${GITHUB}${' '.repeat(8 * 1024 * 1024)}` }, async dir => {
    assert.equal(brief((await checkFile(dir)).findings), []);
  }));

test.run();
