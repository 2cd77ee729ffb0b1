import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkLinks } from '../../src/check/check-links.ts';

const found = (links: Readonly<Record<string, string>>, files: readonly string[] = []) =>
  checkLinks(
    Object.entries(links).map(([path, target]) => ({ path, target })),
    [...files, ...Object.keys(links)],
  ).map(finding => finding.code === 'LINK_BROKEN' && [finding.path, finding.reason]);

test('links that lead somewhere are fine, also to folders and through links', () => {
  const links = { 'lib/a.so': 'a.so.1', current: 'lib', 'b.so': 'current/a.so' };
  assert.equal(found(links, ['lib/a.so.1']), []);
});

test('circles, ways out and libraries that are not there are told', () => {
  const links = {
    'a.so': 'b.so',
    'b.so': 'a.so',
    'self.so': 'self.so',
    'abs.so': '/nope/x.so',
    'up.so': '../../etc/passwd',
    'after.so': 'up.so',
    'gone.so.1': 'nowhere',
    'node_modules/.bin/tool': '../tool/cli.js',
  };
  assert.equal(found(links), [
    ['a.so', 'cycle'],
    ['b.so', 'cycle'],
    ['self.so', 'cycle'],
    ['abs.so', 'outside'],
    ['up.so', 'outside'],
    ['after.so', 'outside'],
    ['gone.so.1', 'broken'],
  ]);
});

test.run();
