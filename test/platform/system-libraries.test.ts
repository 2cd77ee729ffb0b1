import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newestNodeApi, nodeApiVersionOf } from '../../src/platform/node-api.ts';
import { runtimes } from '../../src/platform/runtimes.ts';
import {
  adviceOn,
  isOptionalLibrary,
  libraryPath,
  systemLibrariesOf,
} from '../../src/platform/system-libraries.ts';

test('every Node.js runtime has its Node-API version', () => {
  for (const { language, version, id } of runtimes)
    if (language === 'nodejs') assert.ok((newestNodeApi(version) ?? 0) >= 9, id);
  assert.equal([nodeApiVersionOf('napi_create_object'), nodeApiVersionOf('node_api_symbol_for')], [1, 9]);
  assert.is(nodeApiVersionOf('node_api_post_finalizer'), null);
});

test('systems have the C library, and no library is present, absent and doubtful at once', () => {
  for (const runtime of runtimes) {
    const { present, uncertain, loaded } = systemLibrariesOf(runtime);
    for (const name of ['libc.so.6', 'libm.so.6', 'libstdc++.so.6', 'libgcc_s.so.1', 'libz.so.1']) {
      assert.ok(present.has(name), `${runtime.id} ${name}`);
    }
    for (const name of ['libgomp.so.1', 'libGL.so.1', 'libX11.so.6', 'libatomic.so.1', 'libgfortran.so.5']) {
      assert.ok(
        !present.has(name) && !uncertain.has(name) && adviceOn(name) !== null,
        `${runtime.id} ${name}`,
      );
    }
    assert.equal(
      [...uncertain].filter(name => present.has(name)),
      [],
    );
    assert.equal(
      [...loaded].filter(name => !present.has(name)),
      [],
    );
    assert.is(present.has(`libpython${runtime.version}.so.1.0`), runtime.language === 'python');
  }
});

test('the system comes before the function in LD_LIBRARY_PATH', () => {
  assert.ok(libraryPath.indexOf('/lib64') < libraryPath.indexOf('/var/task/lib'));
  assert.ok(libraryPath.indexOf('/var/task/lib') < libraryPath.indexOf('/opt/lib'));
});

test('drivers are done without, the C++ library is not', () => {
  assert.ok(isOptionalLibrary('libcuda.so.1') && isOptionalLibrary('libnvinfer.so.10'));
  assert.not(isOptionalLibrary('libstdc++.so.6') || isOptionalLibrary('libgomp.so.1'));
});

test.run();
