import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listTopLevelNames } from '../../src/python/top-level-names.ts';

const SOURCE = `
"""def not_this(): pass"""
import os.path, json as j
from a.b import (c, d as e,
                 f)
A = B = 1
x: int = 2
one, two = 1, 2
if A == 3:
    def when():
        inner = 1
    after = 1
try:
    import fast
except ImportError:
    fast = None
class K(Base):
    member = 1
    def method(self): pass
async def run(event): hidden = 1
@decorate
def handler(event, context):
    local = 1
`;

test('what a module gives to its callers, without what is inside functions and classes', () => {
  const { names, functions, isComplete } = listTopLevelNames(SOURCE);
  const expected = 'os j c e f A B x one two when after fast K run handler'.split(' ');
  assert.equal([...names].sort(), expected.sort());
  assert.equal(functions, ['when', 'run', 'handler']);
  assert.ok(isComplete);
});

test('a star, or names made at run time, may give more', () => {
  for (const source of ['from a import *', 'globals()["handler"] = 1', 'def __getattr__(name): pass'])
    assert.not.ok(listTopLevelNames(source).isComplete, source);
});

test.run();
