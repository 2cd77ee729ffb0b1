import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findEvents } from '../../src/verify/find-events.ts';
import { recordAnswers } from '../../src/verify/record-answers.ts';
import { type Verified, verify } from '../../src/verify/verify.ts';
import { type FolderHandler, folderFunctions, OPTIONS, settingsOf } from '../helpers/folder-function.ts';
import { makeContext, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const FILES = {
  'events/a.json': '{"name":"a"}',
  'events/b.json': '{"name":"b"}',
  'code/x': '1',
  'work/.keep': '',
};

async function record(dir: string, handler: FolderHandler) {
  const { events } = await findEvents([join(dir, 'events/*.json')]);
  const { open } = folderFunctions(handler);
  const request = {
    slim: settingsOf(join(dir, 'code')),
    events,
    options: OPTIONS,
    isolation: 'auto' as const,
  };
  return recordAnswers(request, { ...makeContext(join(dir, 'work')), open });
}

async function verifyRecorded(dir: string, handler: FolderHandler): Promise<Verified> {
  const { events } = await findEvents([join(dir, 'events/*.json')]);
  const { open } = folderFunctions(handler);
  const slim = settingsOf(join(dir, 'code'));
  const request = {
    original: null,
    slim,
    events,
    options: OPTIONS,
    suspects: async () => [],
    isolation: 'auto' as const,
  };
  return verify(request, { ...makeContext(join(dir, 'work')), open });
}

test('recorded answers stand in for the original, with what differs each time', () =>
  withProject(FILES, async dir => {
    let count = 0;
    const handler =
      (score: number): FolderHandler =>
      (_code, event: { name: string }, { cold }) => ({ name: event.name, cold, id: `id-${++count}`, score });
    const { written, findings } = await record(dir, handler(1.5));
    assert.equal(written, [join(dir, 'events/a.answer.json'), join(dir, 'events/b.answer.json')]);
    assert.equal(findings, []);
    assert.equal((await readdir(join(dir, 'events'))).sort(), [
      'a.answer.json',
      'a.json',
      'b.answer.json',
      'b.json',
    ]);
    assert.equal(JSON.parse(await readFile(join(dir, 'events/a.answer.json'), 'utf8')).volatile, {
      id: ['string'],
    });

    const same = await verifyRecorded(dir, handler(1.5));
    assert.equal(
      same.findings.map(({ code }) => code),
      ['VERIFY_VOLATILE', 'VERIFY_VOLATILE'],
    );
    assert.is(same.report.original, null);
    const other = await verifyRecorded(dir, handler(2.5));
    assert.equal(
      other.findings.filter(({ level }) => level === 'error').map(({ code }) => code),
      ['VERIFY_DIFFERS', 'VERIFY_DIFFERS'],
    );
  }));

test('a failure is recorded as one, and told', () =>
  withProject(FILES, async dir => {
    const fail: FolderHandler = () => {
      throw new TypeError('bad');
    };
    const { findings } = await record(dir, fail);
    assert.equal(
      findings.map(({ code }) => code),
      ['VERIFY_ORIGINAL_FAILS', 'VERIFY_ORIGINAL_FAILS'],
    );
    assert.ok((await verifyRecorded(dir, fail)).report.same);
    assert.not((await verifyRecorded(dir, () => 1)).report.same);
  }));

test('where no answer is recorded, only a failure counts, and that is said', () =>
  withProject(FILES, async dir => {
    const fine = await verifyRecorded(dir, () => Math.random());
    assert.equal(
      fine.findings.map(({ code }) => code),
      ['VERIFY_NOT_RUN'],
    );
    assert.ok(fine.report.same);
    const failing = await verifyRecorded(dir, (_code, { name }: { name: string }) => {
      if (name === 'b') throw new Error('gone');
      return 1;
    });
    assert.equal(
      failing.findings.map(({ code }) => code),
      ['VERIFY_FAILED', 'VERIFY_NOT_RUN'],
    );
  }));

test('an answer that was damaged is refused by name', () =>
  withProject({ ...FILES, 'events/a.answer.json': '{"schema":1}' }, async dir => {
    const error = await rejects(
      verifyRecorded(dir, () => 1),
      'ANSWER_INVALID',
    );
    assert.match(error.message, 'a.answer.json');
    assert.equal(await readdir(join(dir, 'work')), ['.keep']);
  }));

test.run();
