/** How results may be told; `json` is that of `--json`. */
export const FORMATS = ['text', 'json', 'github', 'markdown', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];
