/** Where the second artifact lies: `function.zip` has `function.rest.zip`. */
export function restPathOf(outFile: string): string {
  return `${outFile.replace(/\.zip$/, '')}.rest.zip`;
}
