const SHOWN = 20;

/** The end of an output, where programs tell why they failed. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n');
  return lines.length <= SHOWN ? lines.join('\n') : ['…', ...lines.slice(-SHOWN)].join('\n');
}
