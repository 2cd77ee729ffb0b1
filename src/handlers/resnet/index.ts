import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createHandler } from './create-handler.ts';
import { fetchImage } from './fetch-image.ts';
import { loadModel } from './load-model.ts';
import { loadOnce } from './load-once.ts';
import { findModelSource } from './model-source.ts';
import { openClassifier } from './open-classifier.ts';
import { createOpenUrl } from './open-url.ts';

const { env } = process;
const packagedDir = fileURLToPath(new URL('./model/', import.meta.url));

/** Once a sandbox. */
const loadClassifier = loadOnce(async () =>
  openClassifier(await loadModel(findModelSource(env, packagedDir), createOpenUrl(env), tmpdir())),
);

// Begins while Lambda still gives a starting sandbox a full processor; the first request tells what went wrong.
loadClassifier().catch(() => {});

/** The Lambda handler: GET ?url=, POST of a picture or JSON, and plain invocations; best three labels first. */
export const handler = createHandler({ loadClassifier, fetchImage, logError: console.error });
