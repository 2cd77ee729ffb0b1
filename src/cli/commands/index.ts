import { type Register, toRegister } from '../command.ts';
import { analyzeCommand } from './analyze.ts';
import { benchCommand } from './bench.ts';
import { buildCommand } from './build.ts';
import { checkCommand } from './check.ts';
import { containerCommand } from './container.ts';
import { initCommand } from './init.ts';
import { invokeCommand } from './invoke.ts';
import { planCommand } from './plan.ts';
import { presetCommand } from './preset.ts';
import { publishCommand } from './publish.ts';
import { reportCommand } from './report.ts';
import { sbomCommand } from './sbom.ts';
import { serveCommand } from './serve.ts';
import { syncCommand } from './sync.ts';
import { verifyCommand } from './verify.ts';
import { whyCommand } from './why.ts';

/** All commands, in the order in which help shows them. */
export const commands: readonly Register[] = [
  toRegister(buildCommand),
  toRegister(planCommand),
  toRegister(whyCommand),
  toRegister(checkCommand),
  toRegister(analyzeCommand),
  toRegister(reportCommand),
  toRegister(sbomCommand),
  toRegister(verifyCommand),
  toRegister(invokeCommand),
  toRegister(serveCommand),
  toRegister(publishCommand),
  toRegister(syncCommand),
  toRegister(benchCommand),
  toRegister(initCommand),
  presetCommand,
  containerCommand,
];
