import { type Register, toRegister } from '../command.ts';
import { presetCheckCommand } from './preset-check.ts';
import { presetRecordCommand } from './preset-record.ts';

/** `preset`: the tools for writing rules of your own. */
export const presetCommand: Register = (parser, choose) =>
  parser.command('preset', 'Record a package for a preset, or try a preset', inner =>
    [toRegister(presetRecordCommand), toRegister(presetCheckCommand)]
      .reduce((parent, register) => register(parent, choose), inner)
      .demandCommand(1, 'Name what to do: preset record or preset check'),
  );
