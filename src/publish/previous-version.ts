const PREVIOUS = /^lambda-slim previous=(\d+)$/;

/** How the version that an alias named before is written into its description, for the way back. */
export function describePrevious(version: string): string {
  return `lambda-slim previous=${version}`;
}

/** That version, or null where the description says something else. */
export function readPrevious(description: string): string | null {
  return PREVIOUS.exec(description)?.[1] ?? null;
}
