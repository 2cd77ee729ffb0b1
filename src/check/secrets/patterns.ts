/** A kind of secret, and how its text looks. `pattern` is global; its first group, if it has one, is the secret itself. */
export interface SecretKind {
  readonly what: string;
  readonly pattern: RegExp;
  /** What all secrets of the kind begin with, to be shown. */
  readonly masked: string;
  /** Texts of which each file with one has one; looked for first, since that is quick. */
  readonly markers: readonly string[];
  /** The only files that may hold it, by path; all where it is not there. */
  readonly files?: RegExp;
}

/** Formats as their makers document them. Kinds that no text tells from an identifier (session tokens, passwords) are left out. */
export const SECRET_KINDS: readonly SecretKind[] = [
  {
    what: 'a private key',
    // The body may stand in JSON or in a string, with its line breaks written as \n.
    pattern:
      /-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----(?:\s|\\[nr])*(?:[\w-]+: [^\n]*\n\s*)*([A-Za-z0-9+/=](?:[A-Za-z0-9+/=]|\s|\\[nr]|["'+])*)/g,
    masked: '-----BEGIN PRIVATE KEY',
    markers: ['PRIVATE KEY-----'],
  },
  {
    what: 'an access key of AWS with its secret',
    pattern: /\bAKIA[A-Z2-7]{16}\b[\s\S]{0,160}?(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/g,
    masked: 'AKIA',
    markers: ['AKIA'],
  },
  {
    what: 'a temporary access key of AWS with its secret',
    pattern: /\bASIA[A-Z2-7]{16}\b[\s\S]{0,160}?(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/g,
    masked: 'ASIA',
    markers: ['ASIA'],
  },
  { what: 'a token of npm', pattern: /\b(npm_[A-Za-z0-9]{36})\b/g, masked: 'npm_', markers: ['npm_'] },
  {
    what: 'a login of a package registry',
    pattern: /^(?![#;])[^\n=]*\b_(?:authToken|auth|password)\s*=\s*"?([^\s"${}]{8,})/gm,
    masked: '_auth',
    markers: ['_'],
    files: /(?:^|\/)\.npmrc$/,
  },
  {
    what: 'a token of GitHub',
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,251})\b/g,
    masked: 'gh',
    markers: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
  },
  {
    what: 'a fine-grained token of GitHub',
    pattern: /\b(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
    masked: 'github_pat_',
    markers: ['github_pat_'],
  },
  { what: 'a token of GitLab', pattern: /\b(glpat-[\w-]{20,})\b/g, masked: 'glpat-', markers: ['glpat-'] },
  {
    what: 'a token of Slack',
    pattern: /\b(xox[abprs]-\d{10,13}-[\w-]{20,})\b/g,
    masked: 'xox',
    markers: ['xox'],
  },
  {
    what: 'a live key of Stripe',
    pattern: /\b([sr]k_live_[A-Za-z0-9]{24,})\b/g,
    masked: 'sk_live_',
    markers: ['k_live_'],
  },
];
