import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listFileLiterals } from '../../src/python/file-literals.ts';

const list = (line: string) => listFileLiterals(`HERE = __file__\n${line}\n`);

test('names beside a file are single strings and those that are joined', () => {
  assert.equal(list('open(os.path.join(os.path.dirname(__file__), "data", "cfg.json"))'), [
    'data',
    'cfg.json',
    'data/cfg.json',
  ]);
  assert.equal(list("(Path(__file__).parent / 'a' / 'b.txt').read_text()"), ['a', 'b.txt', 'a/b.txt']);
  assert.equal(list('CFG = HERE + "labels.txt"'), ['labels.txt']);
});

test('what leads out, absolute paths and files without a place of their own name nothing', () => {
  assert.equal(list('open("/etc/passwd"); open("../x"); open("~/y"); open("."); open("a\\b")'), []);
  assert.equal(listFileLiterals('open("cfg.json")'), []);
});

test.run();
