import type { Finding } from '../findings.ts';
import { limits } from '../platform/limits.ts';
import { formatBytesPair } from './bytes.ts';
import type { Wording } from './wording.ts';

type LeftOut = Extract<Finding, { readonly code: 'BYTECODE_LEFT_OUT' }>;

const COST = 'each cold start compiles what it imports, which takes two to three times as long';

/** Why a Python function goes without bytecode. */
export function wordBytecodeLeftOut({ reason, detail }: LeftOut): Wording {
  switch (reason) {
    case 'python':
      return {
        message: `The function goes without bytecode, so ${COST}: only a released CPython ${detail} can make it, and none is on this machine.`,
        hint: `Install it, for example with \`uv python install ${detail}\` or \`pyenv install ${detail}\`; or say --bytecode none.`,
      };
    case 'size': {
      const [all, limit] = formatBytesPair(Number(detail), limits.unzippedBytes);
      return {
        message: `The function goes without bytecode, so ${COST}: with it, it would be ${all} unzipped, and Lambda takes less than ${limit}.`,
        hint: 'Try --bytecode only, which ships it in place of the sources and takes little more room than they do; or say --bytecode none.',
      };
    }
    case 'failed':
      return {
        message: `The function goes without bytecode, so ${COST}: Python ended while it compiled. ${detail}`,
        hint: 'Leave the source out that ends it, or say --bytecode none.',
      };
    default:
      return reason satisfies never;
  }
}
