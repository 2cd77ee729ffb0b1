const PREVIOUS = /^lambda-slim previous=(\d+) of=(\d+)$/;

/** How the version that an alias named before `version` is written into its description, for the way back. */
export function describePrevious(previous: string, version: string): string {
  return `lambda-slim previous=${previous} of=${version}`;
}

/** Whether a description is one of ours, or free for it. */
export function isFreeDescription(description: string): boolean {
  return description === '' || PREVIOUS.test(description);
}

/** The version before the one that the alias names; null where somebody moved it since, or wrote something else there. */
export function readPrevious(description: string, version: string): string | null {
  const [, previous, of] = PREVIOUS.exec(description) ?? [];
  return previous !== undefined && of === version ? previous : null;
}
