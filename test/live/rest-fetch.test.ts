import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DATA_CASE as CASE,
  type Laboratory,
  DATA_VALUE as VALUE,
  withLaboratory,
} from '../shims/rest-laboratory.ts';
import { CERTIFICATE, type Mood, type RestServer, withRestServer } from '../shims/rest-server.ts';

const inLaboratory = (use: (laboratory: Laboratory) => Promise<void>) => (): Promise<void> =>
  withLaboratory(process.execPath, CASE, use);

interface Remote {
  readonly laboratory: Laboratory;
  readonly server: RestServer;
  readonly env: Readonly<Record<string, string>>;
}

const overHttps = (use: (remote: Remote) => Promise<void>) =>
  inLaboratory(async laboratory => {
    await writeFile(join(laboratory.dir, 'ca.pem'), CERTIFICATE);
    await withRestServer({ file: laboratory.zip, secure: true }, server => {
      const url = `https://localhost:${server.port}/some/key?X-Amz-Signature=TOPSECRET`;
      const env = { LAMBDA_SLIM_REST: url, NODE_EXTRA_CA_CERTS: join(laboratory.dir, 'ca.pem') };
      return use({ laboratory, server, env });
    });
  });

const overS3 = (use: (remote: Remote) => Promise<void>) =>
  inLaboratory(({ ...laboratory }) =>
    withRestServer({ file: laboratory.zip, secure: false }, server => {
      const env = {
        LAMBDA_SLIM_REST: 's3://some-bucket/some/key.rest.zip',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'TOPSECRET',
        NODE_PATH: join(process.cwd(), 'node_modules'),
      };
      return use({ laboratory, server, env });
    }),
  );

const REMOTES = { https: overHttps, s3: overS3 };

for (const [name, over] of Object.entries(REMOTES)) {
  test(
    `${name}: only the directory and the files are fetched, once`,
    over(async ({ laboratory, server, env }) => {
      const { value, missed, stderr, error } = await laboratory.run(env);
      assert.is(error, undefined, JSON.stringify(error));
      assert.equal(value, VALUE);
      assert.equal(missed, ['data/1.bin', 'data/dir/a ü%20.txt']);
      assert.match(stderr, `"from":"${name}"`);
      assert.ok(server.requests.every(({ status }) => status === 206));
      assert.ok(server.requests.length <= 3, JSON.stringify(server.requests));
      const before = server.requests.length;
      assert.equal((await laboratory.run(env)).value, VALUE);
      assert.is(server.requests.length, before);
    }),
  );

  const wrong: readonly (readonly [Mood, RegExp])[] = [
    ['forbidden', /the answer is 403/],
    ['absent', /the answer is 404/],
    ['cut', /cut short|did not answer|connection failed|aborted/],
    ['wrong range', /damaged|not the range/],
    ['damaged', /damaged/],
    ['endless', /larger than it may be/],
  ];
  test(
    `${name}: what is wrong is refused, with the error that was there without it and a hint`,
    over(async ({ laboratory, server, env }) => {
      for (const [mood, reason] of wrong) {
        server.mood = mood;
        const { error, missed, stderr } = await laboratory.run(env);
        assert.is(error.code, 'ENOENT', mood);
        assert.match(error.message, /^ENOENT: no such file or directory, open 'data\/1\.bin'\n/);
        assert.match(error.message, reason, mood);
        assert.match(error.message, /\.rest\.zip .* as a layer, or let LAMBDA_SLIM_REST/);
        assert.equal(missed, []);
        assert.not.match(error.message + stderr, /TOPSECRET|X-Amz|AKID|localhost|some-bucket/);
        const left = await readdir(laboratory.tmp, { recursive: true });
        assert.equal(
          left.filter(file => /partial|zip/.test(file)),
          [],
          mood,
        );
      }
    }),
  );

  test(
    `${name}: a server that refuses ranges, or once, is no obstacle`,
    over(async ({ laboratory, server, env }) => {
      const moods: readonly Mood[] = ['no ranges', 'flaky'];
      for (const mood of moods) {
        server.mood = mood;
        const { value, missed } = await laboratory.run(env);
        assert.equal(value, VALUE, mood);
        assert.is(missed.length, 2);
        await rm(laboratory.tmp, { recursive: true });
        await mkdir(laboratory.tmp);
      }
    }),
  );
}

test(
  'redirects are followed, but not away from https',
  overHttps(async ({ laboratory, server, env }) => {
    server.mood = 'to http';
    assert.match((await laboratory.run(env)).error.message, /leads away from https/);
    server.mood = 'redirect';
    assert.equal((await laboratory.run(env)).value, VALUE);
  }),
);

test(
  'a server that nobody vouches for is refused',
  overHttps(async ({ laboratory, env }) => {
    const { error } = await laboratory.run({ ...env, NODE_EXTRA_CA_CERTS: '' });
    assert.match(error.message, /connection failed \(\w*(?:SELF_SIGNED|VERIFY)\w*\)/);
  }),
);

test(
  'a zip of another build is refused',
  overHttps(async ({ laboratory, env }) => {
    await withLaboratory(
      process.execPath,
      { ...CASE, files: { ...CASE.files, 'data/1.bin': Buffer.alloc(9000, 1) } },
      async other => {
        const { error } = await other.run(env);
        assert.match(error.message, /damaged, or belongs to another build/);
      },
    );
    assert.ok(laboratory);
  }),
);

test.run();
