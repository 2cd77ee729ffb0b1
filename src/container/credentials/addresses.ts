/** What stands before the host of an address: a user, a password, a token. Its last `@` counts, as for those who read addresses. */
const IN_ADDRESS = /(\b[a-z][a-z\d+.-]*:\/\/)([^\s/?#"<>]*)@/gi;

/** Cuts users, passwords and tokens out of the addresses in a text. */
export function cutAddresses(text: string): string {
  return text.replace(IN_ADDRESS, '$1');
}

/** The same with `***` in their place. The user of an address for ssh is no secret, neither is `git`. */
export function maskAddresses(text: string): string {
  return text.replace(IN_ADDRESS, (all: string, scheme: string, user: string) =>
    isOpen(scheme, user) ? all : `${scheme}***@`,
  );
}

/** What is secret in the addresses of a text, as it stands there: `user:password` and the password, or a token alone. */
export function listAddressSecrets(text: string): readonly string[] {
  return [...text.matchAll(IN_ADDRESS)].flatMap(([, scheme = '', user = '']) => {
    if (isOpen(scheme, user)) return [];
    const password = user.slice(user.indexOf(':') + 1);
    const found = user.startsWith('__token__:') || password === '' ? [password || user] : [user, password];
    return found.flatMap(text => [text, decode(text)]);
  });
}

function isOpen(scheme: string, user: string): boolean {
  return !user.includes(':') && (user === 'git' || /(?:^|\+)ssh:/i.test(scheme));
}

/** As it is where it is written in no such way. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
