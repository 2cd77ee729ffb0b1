/** A kind of secret, and how its text looks. `pattern` is global; its first group, if it has one, is the secret itself. */
export interface SecretKind {
  readonly what: string;
  readonly pattern: RegExp;
  /** What of a match is shown: a start that all secrets of its kind have. */
  readonly shown: RegExp;
  /** Texts of which each file with one has one; looked for first, since that is quick. */
  readonly markers: readonly string[];
  /** How the secret looks, where `pattern` finds only the name that it goes with; it is near that, on either side. */
  readonly partner?: RegExp;
  /** The only files that may hold it, by path; all where it is not there. */
  readonly files?: RegExp;
}

/** What `aws_secret_access_key` is: forty characters of base64 without a sign for their end. */
const AWS_SECRET = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/** Formats as their makers document them. Kinds that no text tells from an identifier (session tokens, passwords) are left out. */
export const SECRET_KINDS: readonly SecretKind[] = [
  {
    what: 'a private key',
    // The body may stand in JSON or in a string, with its line breaks written as \n.
    pattern:
      /-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----(?:\s|\\[nr])*(?:[\w-]+: [^\n]*\n\s*)*([A-Za-z0-9+/=](?:[A-Za-z0-9+/=]|\s|\\[nr]|["'+])*)/g,
    shown: /^-----BEGIN [A-Z ]*KEY/,
    markers: ['PRIVATE KEY-----'],
  },
  {
    what: 'an access key of AWS with its secret',
    pattern: /\bAKIA[A-Z2-7]{16}\b/g,
    partner: AWS_SECRET,
    shown: /^AKIA/,
    markers: ['AKIA'],
  },
  {
    what: 'a temporary access key of AWS with its secret',
    pattern: /\bASIA[A-Z2-7]{16}\b/g,
    partner: AWS_SECRET,
    shown: /^ASIA/,
    markers: ['ASIA'],
  },
  {
    what: 'a token of npm',
    pattern: /\b(npm_[A-Za-z0-9]{36})\b/g,
    shown: /^npm_/,
    markers: ['npm_'],
  },
  {
    what: 'a login of a package registry',
    pattern: /^(?![#;])[^\n=]*\b_(?:authToken|auth|password)\s*=\s*"?([^\s"${}]{8,})/gm,
    shown: /_(?:authToken|auth|password)(?=\s*=)/,
    markers: ['_'],
    files: /(?:^|\/)\.npmrc$/,
  },
  {
    what: 'a token of GitHub',
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,251})\b/g,
    shown: /^gh[pousr]_/,
    markers: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
  },
  {
    what: 'a fine-grained token of GitHub',
    pattern: /\b(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
    shown: /^github_pat_/,
    markers: ['github_pat_'],
  },
  {
    what: 'a token of GitLab',
    pattern: /\b(glpat-[\w-]{20,})\b/g,
    shown: /^glpat-/,
    markers: ['glpat-'],
  },
  {
    what: 'a token of Slack',
    pattern:
      /\b(xox[abeoprs]-(?:\d-)?\d{10,13}-[\w-]{20,}|xapp-\d-[A-Z0-9]{8,}-\d{10,}-[A-Za-z0-9]{32,}|xoxe(?:\.xox[bp])?-\d-[A-Za-z0-9]{100,})\b/g,
    shown: /^(?:xox[a-z](?:\.xox[bp])?|xapp)-/,
    markers: ['xox', 'xapp-'],
  },
  {
    what: 'a live key of Stripe',
    pattern: /\b([sr]k_live_[A-Za-z0-9]{24,})\b/g,
    shown: /^[sr]k_live_/,
    markers: ['k_live_'],
  },
];
