import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatBytes, formatBytesPair, formatCount } from '../../src/report/bytes.ts';
import { formatBar } from '../../src/report/format-bar.ts';
import { formatTable, shorten, wrapText } from '../../src/report/layout.ts';
import { printable, printableLines } from '../../src/report/printable.ts';
import { chooseStyle, PLAIN_STYLE } from '../../src/report/style.ts';

test('sizes are binary, as the limits are', () => {
  assert.equal(
    [0, 1023, 1024, 12_800, 104_857, 104_858, 52_428_800, 262_144_000, 301_100_000].map(formatBytes),
    ['0 B', '1023 B', '1 KiB', '12.5 KiB', '102.4 KiB', '0.1 MiB', '50 MiB', '250 MiB', '287.2 MiB'],
  );
});

test('two sizes that would read alike are exact', () => {
  assert.equal(formatBytesPair(262_144_001, 262_144_000), ['262,144,001 B', '262,144,000 B']);
  assert.equal(formatBytesPair(262_144_000, 262_144_000), ['250 MiB', '250 MiB']);
  assert.is(formatCount(1_234_567), '1,234,567');
});

test('a bar shows the room that is left, or how much it is over', () => {
  assert.is(
    formatBar('zipped', 50, 100, PLAIN_STYLE),
    '  zipped    [############............]  50 B of 100 B, 50 B left',
  );
  assert.match(formatBar('zipped', 130, 100, PLAIN_STYLE), /\[#{24}\] {2}130 B of 100 B, 30 B over/);
  assert.match(formatBar('zipped', 1, 1_000_000, PLAIN_STYLE), /\[#\.{23}\]/);
  assert.match(formatBar('zipped', 0, 100, PLAIN_STYLE), /\[\.{24}\]/);
});

test('names of the user cannot move the cursor, nor break a line', () => {
  assert.is(printable('a\u001b[2Jb\nc\r\u202ed'), 'a\\u{1b}[2Jb\\nc\\u{d}\\u{202e}d');
  assert.is(printable('größe 文件 😀'), 'größe 文件 😀');
  assert.is(printableLines('a\n\tb\u0007'), 'a\n  b\\u{7}');
});

test('text is broken at spaces, never inside a word', () => {
  assert.equal(wrapText('one two three', 9, '  '), ['  one two', '  three']);
  assert.equal(wrapText('a-very-long-word x', 6, ''), ['a-very-long-word', 'x']);
});

test('tables are aligned, names shortened in their middle', () => {
  assert.equal(
    formatTable(
      [
        ['a', '1'],
        ['bbb', '22'],
      ],
      [false, true],
    ),
    ['  a     1', '  bbb  22'],
  );
  assert.is(shorten('node_modules/onnxruntime-node', 15), 'node_m...e-node');
});

test('colours and blocks are for terminals only, and NO_COLOR is obeyed', () => {
  const terminal = { isTTY: true, columns: 120 };
  assert.ok(chooseStyle(terminal, {}).colors.isColorSupported);
  assert.is(chooseStyle(terminal, {}).columns, 100);
  assert.not.ok(chooseStyle(terminal, { NO_COLOR: '1' }).colors.isColorSupported);
  assert.not.ok(chooseStyle(terminal, { CI: 'true' }).colors.isColorSupported);
  assert.not.ok(chooseStyle({}, { FORCE_COLOR: '1' }).colors.isColorSupported);
  assert.is(chooseStyle(terminal, {}).bar.full, '█');
  assert.is(PLAIN_STYLE.bar.full, '#');
});

test.run();
