import vm from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadShimFirst } from '../../../src/native/compress/load-shim-first.ts';

const SHIM = '.lambda-slim/inflate.cjs';

test('an ES module imports the shim before everything else, on its first line', () => {
  const code = 'import a from "a";\nimport b from "b";\n';
  assert.is(loadShimFirst(code, 'index.mjs', SHIM), `import "./.lambda-slim/inflate.cjs";${code}`);
  assert.is(loadShimFirst(code, 'a/b/index.mjs', SHIM), `import "../../.lambda-slim/inflate.cjs";${code}`);
  assert.is(
    loadShimFirst(`#!/usr/bin/env node\n${code}`, 'index.mjs', SHIM),
    `#!/usr/bin/env node\nimport "./.lambda-slim/inflate.cjs";${code}`,
  );
});

test('a CommonJS module requires it, and stays strict where it was', () => {
  const bundles = [
    'exports.order.push("bundle");',
    '"use strict";\nexports.order.push("bundle");',
    `'use strict'\nexports.order.push("bundle")`,
    '// made by a bundler\n/* two\nlines */ "use strict"; exports.order.push("bundle");',
    '#!/usr/bin/env node\n"use strict"\nexports.order.push("bundle");',
    '#!/usr/bin/env node\nexports.order.push("bundle");',
    '"use strict".length;exports.order.push("bundle");',
  ];
  for (const code of bundles) {
    const loaded = loadShimFirst(code, 'src/index.cjs', SHIM);
    const order: string[] = [];
    const probe = `${loaded}\nexports.strict = (function () { return this === undefined; })();`;
    const run = vm.compileFunction(probe.replace(/^#!/, '//'), ['require', 'exports']);
    const exports = { order, strict: false };
    run((name: string) => order.push(name), exports);
    assert.equal(order, ['../.lambda-slim/inflate.cjs', 'bundle'], code);
    assert.is(exports.strict, /use strict["'](?!\.)/.test(code), code);
    assert.is(loaded.split('\n').length, code.split('\n').length);
  }
});

test.run();
