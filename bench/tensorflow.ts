/*
 * tensorflow-cpu and pillow for python3.12, through the whole pipeline: at level safe, then with compressed libraries, then at level exact
 * as well. Each artifact is run against the function as it was installed, and has to give the same predictions.
 *   npm run build && npm run build:test && node .build/bench/tensorflow.js [--cache folder] [--level fast|best] [--only safe]
 * `--cache` keeps the install and the encoded libraries: the first run compresses for a quarter of an hour. Needs a python3.12 to run the
 * artifacts; without one only their sizes are told. Sizes are exact bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runPipeline } from '../src/pipeline.ts';
import { limits } from '../src/platform/limits.ts';
import { formatCount } from '../src/report/bytes.ts';
import type { BuildResult, ResolvedFunction } from '../src/types.ts';
import { withTempDir } from '../src/util/fs.ts';
import { makeContext } from '../test/helpers/project.ts';
import { makePythonFunction, pythonPlatform } from '../test/helpers/python-project.ts';

const REQUIREMENTS = 'tensorflow-cpu==2.21.0\npillow==12.3.0\n';

const APP = `
import io
import numpy as np
import tensorflow as tf
from PIL import Image

tf.keras.utils.set_random_seed(7)
model = tf.keras.Sequential([tf.keras.layers.Input((224, 224, 3)), tf.keras.layers.Conv2D(16, 3, strides=4, activation="relu"),
  tf.keras.layers.BatchNormalization(), tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(10, activation="softmax")])

def handler(event, context):
    pixels = (np.arange(224 * 224 * 3, dtype=np.uint32) * event["step"]).astype(np.uint8).reshape(224, 224, 3)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG")
    picture = np.asarray(Image.open(io.BytesIO(data.getvalue())), np.float32)[None] / 255
    return {"version": tf.__version__, "predictions": [float(x) for x in model.predict(picture, verbose=0)[0]],
            "svd": float(tf.linalg.svd(tf.eye(5) * 3)[0][0])}
`;

const COMPRESS = {
  strip: true,
  stripExcept: [],
  dedupe: true,
  compress: { minBytes: 1 << 20, only: [], except: [] },
};

/** What is built, by what differs from the defaults. */
const BUILDS: Readonly<Record<string, Partial<ResolvedFunction>>> = {
  safe: {},
  bold: { level: 'bold' },
  'safe, libraries compressed': { native: COMPRESS },
  'exact, libraries compressed': { native: COMPRESS, level: 'exact' },
};

const { values } = parseArgs({
  options: {
    cache: { type: 'string' },
    level: { type: 'string', default: 'best' },
    only: { type: 'string', multiple: true, default: Object.keys(BUILDS) },
  },
});

await withTempDir(async dir => {
  const project = join(dir, 'project');
  await mkdir(join(project, 'events'), { recursive: true });
  await writeFile(join(project, 'requirements.txt'), REQUIREMENTS);
  await writeFile(join(project, 'app.py'), APP);
  for (const step of [1, 7]) await writeFile(join(project, `events/${step}.json`), JSON.stringify({ step }));
  for (const name of values.only) await build(name, project, join(dir, 'work', name));
});

async function build(name: string, dir: string, workDir: string): Promise<void> {
  await mkdir(workDir, { recursive: true });
  const context = makeContext(workDir, { cwd: dir, cacheDir: values.cache ?? null });
  const fn = makePythonFunction(dir, {
    platform: pythonPlatform('3.12'),
    bytecode: 'none',
    compress: values.level === 'fast' ? 'fast' : 'best',
    memoryMiB: 8192,
    tmpMiB: 4096,
    timeoutMs: 600_000,
    verify: { enabled: true, events: [join(dir, 'events/*.json')], tolerance: 1e-6, headers: [], ignore: [] },
    ...BUILDS[name],
  });
  const { result } = await runPipeline(fn, join(workDir, 'function.zip'), context);
  print(name, result);
}

function print(name: string, { stages, artifact, native, verification, findings }: BuildResult): void {
  console.log(`\n${name}`);
  for (const { stage, bytes, files } of stages) {
    console.log(`  ${stage.padEnd(10)} ${formatCount(bytes).padStart(14)} bytes  ${files} files`);
  }
  const fits = (artifact?.unzippedBytes ?? 0) < limits.unzippedBytes;
  console.log(`  ${fits ? 'fits' : 'does not fit'} ${formatCount(limits.unzippedBytes)} bytes`);
  const { compressed } = native;
  if (compressed)
    console.log(`  ${compressed.files.length} libraries, ${formatCount(compressed.tmpBytes)} bytes in /tmp`);
  const told = verification ? (verification.same ? 'the same' : 'DIFFERENT') : 'not compared';
  console.log(
    `  predictions: ${told}`,
    findings
      .filter(({ level }) => level === 'error')
      .map(({ code }) => code)
      .join(', '),
  );
  if (verification && !verification.same) process.exitCode = 1;
}
