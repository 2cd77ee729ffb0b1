import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layOutPackages } from '../../../../src/collect/install/image/lay-out-packages.ts';
import { listManifests } from '../../../../src/collect/install/mirror-manifests.ts';
import { findOwnAddons } from '../../../../src/collect/install/own-addons.ts';
import { findLockfile } from '../../../../src/collect/install/package-manager.ts';
import { type Files, makeContext, makeFunction, withProject } from '../../../helpers/project.ts';

const TOKEN = 'npm_ThisIsNobodysToken';
const NPMRC = { '.npmrc': `//registry.example/:_authToken=${TOKEN}\nregistry=https://registry.example/\n` };
const PACKAGE = { 'package.json': '{ "name": "app" }' };

/** Lays out a project, and gives what is to be done, what lies in the folder for the container, and the request to the script there. */
async function layOut(files: Files) {
  return withProject({ ...files, 'work/home/.keep': '', 'work/sources/.keep': '' }, async root => {
    const lockfile = await findLockfile(root);
    assert.ok(lockfile);
    const { platform } = makeFunction(root);
    const work = join(root, 'work');
    const sources = join(work, 'sources');
    const manifests = await listManifests(root);
    const addons = await findOwnAddons(root);
    const request = { root, manifests, addons, manager: lockfile.manager, platform, scripts: ['sharp'] };
    const context = makeContext(work, { env: { HOME: join(work, 'home'), MY_TOKEN: TOKEN } });
    const laidOut = await layOutPackages(request, sources, context);
    const shown = await readdir(sources, { recursive: true, withFileTypes: true });
    const texts = shown
      .filter(each => each.isFile())
      .map(each => readFile(join(each.parentPath, each.name), 'utf8'));
    const script = JSON.parse(await readFile(join(sources, '.lambda-slim/request.json'), 'utf8'));
    return {
      ...laidOut,
      shown: shown.map(({ name }) => name),
      text: (await Promise.all(texts)).join('\n'),
      script,
    };
  });
}

const commandsOf = ({ steps }: Awaited<ReturnType<typeof layOut>>): readonly string[] =>
  steps.map(({ command }) => command.join(' '));

test('npm installs without scripts, and what is compiled comes after', async () => {
  const laidOut = await layOut({ ...PACKAGE, 'package-lock.json': '{}' });
  const commands = commandsOf(laidOut);
  const install = commands.findIndex(command => command.startsWith('npm ci --omit=dev --ignore-scripts'));
  const compile = commands.findIndex(command => command.startsWith('node '));
  assert.ok(install > 0 && compile > install, commands.join('\n'));
  assert.equal(laidOut.script.rebuild, ['npm', 'rebuild', '--foreground-scripts']);
  assert.equal([laidOut.script.major, laidOut.script.scripts], ['24', ['sharp']]);
  assert.match(laidOut.text, 'listCompiled', 'the script is there');
});

test('credentials are secrets, and in no file that the container sees otherwise', async () => {
  const yarnrc = { '.yarnrc.yml': `npmAuthToken: ${TOKEN}\n` };
  const old = { '.yarnrc': `"//registry.example/:_authToken" "${TOKEN}"\n` };
  const laidOut = await layOut({ ...PACKAGE, ...NPMRC, ...yarnrc, ...old, 'yarn.lock': '# for yarn 4' });
  assert.not.match(laidOut.text, TOKEN);
  assert.not.match(JSON.stringify([laidOut.steps, laidOut.env]), TOKEN);
  assert.equal(
    laidOut.credentials.secrets.map(({ name }) => name),
    ['npmrc', 'yarnrc.yml', 'yarnrc'],
  );
  assert.ok(commandsOf(laidOut).some(command => /^ln -s \S+yarnrc\.yml \S+\.yarnrc\.yml$/.test(command)));
});

test('code of packages runs without credentials, and nothing that fetches does', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is npm that fills it in
  const npmrc = { '.npmrc': '//registry.example/:_authToken=${MY_TOKEN}\n' };
  const { steps, env, credentials } = await layOut({ ...PACKAGE, ...npmrc, 'package-lock.json': '{}' });
  assert.is(credentials.env.MY_TOKEN, TOKEN);
  assert.not.match(JSON.stringify(credentials.open), /MY_TOKEN|_auth/);
  const without = steps.filter(step => step.withoutCredentials).map(({ command: [program] }) => program);
  assert.equal(without, ['sh', 'node']);
  assert.is(env.npm_config_logs_max, '0');
});

test('packages of the project that are compiled go in with their sources, and nothing that may be secret or was built', async () => {
  const { shown, text, script } = await layOut({
    ...PACKAGE,
    'package-lock.json': '{}',
    'packages/own/package.json': '{ "name": "own" }',
    'packages/own/binding.gyp': '{}',
    'packages/own/src/own.c': 'source',
    'packages/own/.env': TOKEN,
    'packages/own/.npmrc': TOKEN,
    'packages/own/build/Release/own.node': TOKEN,
    'packages/own/node_modules/x/binding.gyp': TOKEN,
    'packages/plain/package.json': '{ "name": "plain" }',
    'packages/plain/index.js': TOKEN,
  });
  assert.equal(script.addons, ['packages/own']);
  assert.ok(shown.includes('own.c') && shown.includes('binding.gyp'));
  assert.not.match(text, TOKEN);
});

test('other managers come from npm, in a version that does not depend on the image', async () => {
  const commands = commandsOf(await layOut({ ...PACKAGE, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }));
  const starts = [/^npm install .*pnpm@10$/, /^\/\S+\/pnpm install --prod --frozen-lockfile/];
  const [fetch = -1, install = -1] = starts.map(start => commands.findIndex(each => start.test(each)));
  assert.ok(fetch >= 0 && install > fetch, commands.join('\n'));
});

test('what npm runs itself is not kept where scripts of packages can write', async () => {
  const { env } = await layOut({ ...PACKAGE, 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" });
  assert.not.match(env.npm_config_cache ?? '', '/scratch/');
  assert.match(env.npm_config_store_dir ?? '', '/scratch/');
});

test.run();
