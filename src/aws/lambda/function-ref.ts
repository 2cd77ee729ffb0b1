/** A deployed function as users write it. `name` is its name or ARN, `qualifier` an alias or a version. */
export interface FunctionRef {
  readonly name: string;
  readonly qualifier: string | null;
}

/** `name`, `name:alias`, `name:3`, `name:$LATEST`, `123456789012:function:name[:alias]`, or an ARN with or without qualifier. */
export function parseFunctionRef(text: string): FunctionRef {
  const [, name, qualifier] = /^((?:.*:function:)?[^:]+)(?::([^:]+))?$/.exec(text) ?? [];
  return name === undefined ? { name: text, qualifier: null } : { name, qualifier: qualifier ?? null };
}

/** Only the code and configuration of `$LATEST` can be changed; versions are immutable, and aliases name versions. */
export function isLatest({ qualifier }: FunctionRef): boolean {
  return qualifier === null || qualifier === '$LATEST';
}

/** The parameters that name it in a call. */
export function toTarget({ name, qualifier }: FunctionRef): {
  readonly FunctionName: string;
  readonly Qualifier?: string;
} {
  return { FunctionName: name, ...(qualifier === null ? {} : { Qualifier: qualifier }) };
}

export function formatRef({ name, qualifier }: FunctionRef): string {
  return qualifier === null ? name : `${name}:${qualifier}`;
}
