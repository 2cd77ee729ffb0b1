import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PLAIN_STYLE } from '../../src/report/style.ts';
import { formatBuild, formatPlan } from '../../src/report/text.ts';
import type { Removal } from '../../src/types.ts';
import { entryOf, makeResult, ONE_OF_EACH } from '../helpers/results.ts';

test('the summary of a build, line by line', () => {
  assert.is(
    formatBuild(makeResult({ findings: [ONE_OF_EACH.SECRET_FILE] }), PLAIN_STYLE),
    `function  nodejs24.x, x64

  stage          before         after
  install                      75 MiB  9 files
  collect  78,643,200 B  78,642,300 B  8 files
  prune          75 MiB        43 MiB  6 files
  archive        43 MiB        20 MiB  6 files

Largest that stayed
    40 MiB  10 B zipped  2 files  b@2.0.0
     3 MiB   5 B zipped   1 file  include model/**
  19.5 KiB   5 B zipped   1 file  your bundled code
     150 B  10 B zipped  2 files  a@1.0.0

Largest removals, by rule
  30 MiB  2 files  b/other-cpu
    a function has one architecture
   900 B   1 file  collect/not-needed
    nothing that runs asks for it

Limits of Lambda
  zipped    [#########...............]  20 MiB of 50 MiB, 30 MiB left
  unzipped  [####....................]  43 MiB of 250 MiB, 207 MiB left

Findings
  warning  SECRET_FILE
    .env looks like a file of secrets; everyone who may download the artifact
    could read it.
    Leave it out (of a function with "exclude"), and give the secret through an
    environment variable or Secrets Manager.

Artifact  written
  path        /project/lambda-slim-out/function.zip
  size        20 MiB in 6 files
  CodeSha256  q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=
  Handler     index.handler
`,
  );
});

test('only the five largest rules are told, and how much the others took', () => {
  const removals: readonly Removal[] = Array.from({ length: 8 }, (_, i) => ({
    path: `f${i}`,
    bytes: 10 - i,
    rule: { id: `p/rule-${i}`, why: 'not needed at run time' },
  }));
  const { tree } = makeResult();
  const text = formatBuild(makeResult({ tree: { ...tree, removals } }), PLAIN_STYLE);
  assert.match(text, 'p/rule-4');
  assert.not.match(text, 'p/rule-5');
  assert.match(text, 'and 12 B by 3 more rules');
});

test('a plan tells every rule, and each path only when it is asked to', () => {
  const plan = makeResult({ artifact: null });
  const short = formatPlan(plan, { files: false }, PLAIN_STYLE);
  assert.match(short, 'Would be removed, by rule');
  assert.not.match(short, 'node_modules/b/arm64/x.so');
  assert.not.match(short, / zipped /);
  assert.not.match(short, 'Artifact');
  assert.match(formatPlan(plan, { files: true }, PLAIN_STYLE), /^ {6}node_modules\/b\/arm64\/x\.so$/m);
});

test('an unchanged artifact is said to be so', () => {
  assert.match(formatBuild(makeResult({ upToDate: true }), PLAIN_STYLE), 'unchanged since the last build');
});

test('errors come before warnings, whatever their order was', () => {
  const text = formatBuild(
    makeResult({ findings: [ONE_OF_EACH.SECRET_FILE, ONE_OF_EACH.LIMIT_UNZIPPED] }),
    PLAIN_STYLE,
  );
  assert.ok(text.indexOf('LIMIT_UNZIPPED') < text.indexOf('SECRET_FILE'));
});

test('no line is wider than 80 columns, whatever the names', () => {
  const { tree } = makeResult();
  const name = `node_modules/${'very-long-name-'.repeat(6)}/index.js`;
  const long = entryOf(name, 5_000_000, { kind: 'include', pattern: name });
  const result = makeResult({
    artifact: null,
    tree: { ...tree, entries: [...tree.entries, long] },
    findings: Object.values(ONE_OF_EACH),
  });
  const wide = formatPlan(result, { files: false }, PLAIN_STYLE)
    .split('\n')
    .filter(line => line.length > 80);
  assert.equal(wide, []);
});

test.run();
