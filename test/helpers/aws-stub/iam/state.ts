export interface Role {
  readonly name: string;
  readonly arn: string;
  /** JSON. */
  readonly trust: string;
  readonly description: string;
  readonly created: string;
  readonly tags: Map<string, string>;
  /** JSON documents by name. */
  readonly inline: Map<string, string>;
  /** ARNs. */
  readonly attached: Set<string>;
  /** How many functions still cannot assume it, since it is so new. */
  refusals: number;
}
