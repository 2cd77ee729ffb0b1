/** Messages of what reports, budgets and baselines need. */
export const REPORT_MESSAGES = {
  BASELINE_MISSING: (path: string, reason: string) => ({
    message: `Cannot read the baseline ${path} (${reason === 'ENOENT' ? 'nothing is there' : reason}), so nothing can be said of what grew.`,
    hint: 'Write one with `lambda-slim check --save-baseline <file>`, on the main branch for example, and commit it or keep it as an artifact of CI.',
  }),
  BASELINE_INVALID: (path: string, reason: string) => ({
    message: `${path} is not a baseline that this version reads: ${reason}.`,
    hint: 'Write it anew with `lambda-slim check --save-baseline <file>`.',
  }),
  SBOM_TIME: (value: string) => ({
    message: `SOURCE_DATE_EPOCH is ${JSON.stringify(value)}, which is no number of seconds since 1970.`,
    hint: 'Set it to a whole number, such as the output of `git log -1 --format=%ct`, or unset it.',
  }),
  BENCH_INVALID: (path: string) => ({
    message: `${path} is not what bench prints with --json, so there are no cold starts to plot.`,
    hint: 'Write it with `lambda-slim bench … --json > bench.json`.',
  }),
};
