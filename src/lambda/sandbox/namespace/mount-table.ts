/** One line of a table of mounts; `target` is a path of the sandbox. */
export interface MountLine {
  readonly source: string;
  readonly target: string;
  readonly type: 'none' | 'proc' | 'tmpfs' | 'ext4' | 'overlay';
  readonly options: readonly string[];
}

/** Writes mounts in the form of fstab, their targets below `root`. */
export function formatMountTable(root: string, lines: readonly MountLine[]): string {
  return lines
    .map(({ source, target, type, options }) => {
      const place = target === '/' ? root : root + target;
      return `${toField(source)} ${toField(place)} ${type} ${options.join(',')} 0 0\n`;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  ' ': '\\040',
  '\t': '\\011',
  '\n': '\\012',
  '\\': '\\134',
};

function toField(path: string): string {
  return path.replace(/[ \t\n\\]/g, character => ESCAPES[character] as string);
}
