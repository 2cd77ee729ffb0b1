/** `function.zip` has `function.model.tar.gz` beside it. */
export function toModelPath(outFile: string): string {
  return `${outFile.replace(/\.zip$/, '')}.model.tar.gz`;
}
