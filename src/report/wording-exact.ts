import type { Finding } from '../findings.ts';
import type { Wording } from './wording.ts';
import { formatChange } from './wording-verify.ts';

type Code = 'EXACT_ANSWER_FAILED' | 'EXACT_READS_UNSEEN' | 'FALLBACK_USED';
type FindingOf<C extends Code> = Extract<Finding, { readonly code: C }>;

/** What level `exact` has to say, by code. */
export const EXACT_WORDINGS: { readonly [C in Code]: (finding: FindingOf<C>) => Wording } = {
  EXACT_ANSWER_FAILED: ({ event, statusCode }) => ({
    message: `While level exact recorded, the event ${event} was answered with status ${statusCode}; what a good answer needs may have been taken out.`,
    hint: 'Mend the event or the function, and build again.',
  }),
  EXACT_READS_UNSEEN: ({ reason }) => ({
    message: `What native code reads by itself could not be recorded here, since ${UNSEEN[reason]}.`,
    hint: 'Name such data files with "keep", or build on Linux as root or with user namespaces.',
  }),
  FALLBACK_USED: ({ paths, mend }) => ({
    message: `The function needed what level exact had taken out, and fetched it from the second artifact: ${paths.join(', ')}.`,
    hint: `Add an event that needs it, or ${formatChange(mend)} to the config, and build again.`,
  }),
};

const UNSEEN: Readonly<Record<FindingOf<'EXACT_READS_UNSEEN'>['reason'], string>> = {
  'read-only': 'the code was mounted read-only',
  noatime: 'this file system does not note when a file was read',
};
