import { spawnSync } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unpackZip } from '../../src/zip/unpack-zip.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';
import { PYTHON } from '../helpers/python-artifact.ts';
import { wheel } from '../helpers/wheels.ts';

/** Asks Python itself what its packages have, and compares that with what lies there. */
const ASK = `
import base64, hashlib, importlib.metadata as metadata, json, os
told = {}
for distribution in metadata.distributions(path=["."]):
    for file in distribution.files:
        path = file.locate()
        state = "gone" if not os.path.exists(path) else "there"
        if state == "there" and file.size is not None and file.size != os.path.getsize(path):
            state = "of another size"
        if state == "there" and file.hash:
            digest = hashlib.new(file.hash.mode, open(path, "rb").read()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
                state = "changed"
        told[str(file)] = state
there = [os.path.relpath(os.path.join(root, name), ".") for root, _, names in os.walk(".") for name in names]
print(json.dumps({"wrong": {k: v for k, v in told.items() if v != "there"}, "untold": sorted(set(there) - set(told)), "told": sorted(told)}))
`;

test('what importlib.metadata says of an artifact is true', () =>
  withProject(
    {
      'fn/app.py': 'import a\ndef handler(event, context): pass\n',
      'fn/requirements.txt': 'a==1.0\nb==1.0\n',
      ...Object.fromEntries(
        Object.entries({
          ...wheel('a', '1.0', {
            files: {
              'a/__init__.py': 'import b\n',
              'a/py.typed': '',
              'a/__init__.pyi': 'x: int',
              'ns/one.py': '',
            },
            requires: ['b'],
          }),
          ...wheel('b', '1.0', { files: { 'b.py': 'X = 1\n', 'ns/two.py': '', 'b-data.txt': 'data' } }),
        }).map(([path, content]) => [`wheels/${path}`, content]),
      ),
    },
    async dir => {
      const env = {
        ...Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ''])),
        ...{ PIP_CONFIG_FILE: devNull, PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(dir, 'wheels') },
        ...{ UV_NO_INDEX: '1', UV_FIND_LINKS: join(dir, 'wheels') },
      };
      const { stdout } = spawnSync(PYTHON, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
      const runtime = `python${String(stdout).trim()}`;
      const cwd = join(dir, 'fn');
      const built = await runFake(['build', 'app.py', '--runtime', runtime, '--no-cache'], { cwd, env });
      assert.is(built.code, 0, built.stderr);
      const out = join(dir, 'out');
      const signal = new AbortController().signal;
      await unpackZip(join(cwd, 'lambda-slim-out/function.zip'), out, { maxBytes: 1e6, signal });
      const asked = spawnSync(PYTHON, ['-I', '-c', ASK], { cwd: out, encoding: 'utf8' });
      assert.is(asked.status, 0, asked.stderr);
      const { wrong, untold, told } = JSON.parse(asked.stdout);
      assert.equal(wrong, {});
      assert.equal(
        untold.filter((path: string) => !/^(?:__pycache__\/)?app\./.test(path)),
        [],
      );
      assert.ok(told.includes('a/__init__.py'));
      assert.not.ok(told.includes('a/__init__.pyi'), 'stubs are pruned');
    },
  ));

test.run();
