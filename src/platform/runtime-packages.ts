import { z } from 'zod';
import type { RuleRef } from '../types.ts';
import { readData } from './read-data.ts';

const names = z.array(z.string()).readonly();
const data = readData(
  'runtime-packages.json',
  z.strictObject({ sources: z.record(z.string(), z.string()), sdk: names, shared: names }),
);

/** The AWS SDK for Python that Lambda's Python runtimes bring: distributions that fit one another only as they were released. */
export const SDK_PACKAGES: readonly string[] = data.sdk;

/** All distributions that those runtimes bring for functions to use, by normalised name; AWS says no versions beforehand. */
export const RUNTIME_PACKAGES: readonly string[] = [...data.sdk, ...data.shared];

/** The rule by which a package is left to the runtime. */
export const LEFT_TO_RUNTIME: RuleRef = {
  id: 'collect/runtime-provides',
  why: 'the runtime brings the package, and "runtimeProvides" says that its version will do',
};
