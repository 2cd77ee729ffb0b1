import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleRef } from '../../../types.ts';

const NOTES: RuleRef = {
  id: 'collect/installer-notes',
  why: 'says how the package got onto the machine that built this, which differs from one to the next',
};
const LAUNCHERS: RuleRef = {
  id: 'collect/launchers',
  why: 'starts the package from a command line, by the path of the Python that installed it; Lambda has none there',
};

const NOTE = /^[^/]+\.dist-info\/(?:INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json|uv_build\.json)$/;
const LAUNCHER = /^(?:bin|Scripts)\/[^/]+$/;

/** Why an installed file does not go into an artifact, whatever package it is of: it would not be the same on every machine. */
export async function whyLeftOut(dir: string, path: string): Promise<RuleRef | null> {
  if (NOTE.test(path)) return NOTES;
  return LAUNCHER.test(path) && (await startsPython(join(dir, path))) ? LAUNCHERS : null;
}

/** True for a script for Python, and for the program that stands for one on Windows. */
async function startsPython(file: string): Promise<boolean> {
  if (file.endsWith('.exe')) return true;
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    const [line = ''] = buffer.toString('latin1', 0, bytesRead).split('\n');
    return (
      line.startsWith('#!') &&
      (/python/.test(line) ||
        (line === '#!/bin/sh' && /python/.test(buffer.toString('latin1', 0, bytesRead))))
    );
  } finally {
    await handle.close();
  }
}
