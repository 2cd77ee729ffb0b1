/** What AWS repeats of a request although it is nobody's business, and what is left of it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // All variables with their values, as one JSON object.
  [/\s*String measured:[\s\S]*$/, ''],
  [/Value '[\s\S]*' at '(environment\b[^']*)'/, "A value at '$1'"],
  [/https?:\/\/\S*[?&]X-Amz-(?:Credential|Signature|Security-Token)=\S*/gi, '(a signed URL)'],
];

/** Takes values of environment variables and signed URLs out of a text of AWS. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((rest, [secret, left]) => rest.replace(secret, left), text);
}
