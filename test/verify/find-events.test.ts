import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerPathOf, findEvents } from '../../src/verify/find-events.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

test('events come sorted by code unit, each once, without the answers', () =>
  withProject(
    {
      'events/b.json': '{"b":1}',
      'events/a.json': '\uFEFF{"a":1}',
      'events/Z.json': '1',
      'events/a.answer.json': '{}',
      'events/read.txt': 'no event',
    },
    async dir => {
      const { events, idle } = await findEvents([
        join(dir, 'events/*.json'),
        join(dir, '**/b.json'),
        join(dir, 'x/*.json'),
      ]);
      assert.equal(
        events.map(({ name, text, answer }) => [name, text, answer]),
        [
          ['Z', '1', null],
          ['a', '{"a":1}', '{}'],
          ['b', '{"b":1}', null],
        ],
      );
      assert.equal(idle, [join(dir, 'x/*.json')]);
      assert.is(answerPathOf('/x/dog.json'), '/x/dog.answer.json');
    },
  ));

test('events of the same name are told apart by their folders', () =>
  withProject({ 'a/x.json': '1', 'b/x.json': '2', 'b/yx.json': '3' }, async dir => {
    const { events } = await findEvents([join(dir, '**/*.json')]);
    assert.equal(
      events.map(({ name }) => name),
      ['a/x', 'b/x', 'yx'],
    );
  }));

test('an event that is no JSON is refused with its place', () =>
  withProject({ 'bad.json': '{\n  "a": 1,\n  oops\n}', 'empty.json': '' }, async dir => {
    const error = await rejects(findEvents([join(dir, 'bad.json')]), 'EVENT_INVALID');
    assert.match(error.message, /bad\.json/);
    assert.match(error.message, /line 3 column 3/);
    assert.match((await rejects(findEvents([join(dir, 'empty.json')]), 'EVENT_INVALID')).message, /empty/);
  }));

test.run();
