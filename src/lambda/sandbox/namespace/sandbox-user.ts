import type { Stats } from 'node:fs';

/** The user that functions run as on Lambda, and here, whoever starts them. */
export const LAMBDA_USER = { uid: 993, gid: 990 } as const;

/** What a mode can grant: to read a file, to run it or to look into a folder, and to write there, too. */
export const RIGHTS = { read: 0o4, enter: 0o5, write: 0o7 } as const;

/** True where the mode of a path grants that user so much. Access lists (ACLs) are not looked at. */
export function isGranted({ mode, uid, gid }: Stats, rights: number): boolean {
  const shift = uid === LAMBDA_USER.uid ? 6 : gid === LAMBDA_USER.gid ? 3 : 0;
  return ((mode >> shift) & rights) === rights;
}

/** True where that user may read a file, and run it if its owner may; or look into a folder. */
export function isOpen(found: Stats): boolean {
  return isGranted(found, found.isDirectory() || found.mode & 0o100 ? RIGHTS.enter : RIGHTS.read);
}

/** Lines for `/etc/passwd` and `/etc/group` that know no user but root and Lambda's. */
export const PASSWD = `root:x:0:0:root:/root:/sbin/nologin
sbx_user1051:x:${LAMBDA_USER.uid}:${LAMBDA_USER.gid}::/home/sbx_user1051:/sbin/nologin
`;

export const GROUP = `root:x:0:\nsbx_user1051:x:${LAMBDA_USER.gid}:\n`;
