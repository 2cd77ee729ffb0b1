import { formatBytes, formatBytesPair, formatCount, formatPlural } from '../../bytes.ts';
import type { PageFinding, PageStage, PageSubject } from '../page-types.ts';
import { h, rich, section } from './dom.ts';
import type { Store } from './state.ts';
import { bar, table } from './table.ts';
import { formatChange } from './words.ts';

/** What was found, with what to do; those that another artifact does not have are marked. */
export function makeFindings(
  findings: readonly PageFinding[],
  others: readonly PageFinding[] | null,
): HTMLElement {
  const known = new Set(others?.map(({ code, message }) => `${code} ${message}`));
  const cards = findings.map(finding => {
    const isNew = others !== null && !known.has(`${finding.code} ${finding.message}`);
    return h(
      'li',
      { class: `finding ${finding.level}` },
      h(
        'p',
        { class: 'code' },
        h('span', { class: 'level' }, finding.level),
        h('code', {}, finding.code),
        isNew ? h('span', { class: 'mark' }, 'new') : null,
      ),
      h('p', {}, ...rich(finding.message)),
      h('p', { class: 'quiet' }, ...rich(finding.hint)),
      finding.lines.length > 0 ? h('pre', { tabindex: 0 }, finding.lines.join('\n')) : null,
    );
  });
  const none = h('p', { class: 'quiet' }, 'Nothing was found.');
  const most = 30;
  const rest = cards.slice(most);
  const more = h(
    'details',
    {},
    h('summary', {}, `${formatCount(rest.length)} more`),
    h('ul', { class: 'findings' }, ...rest),
  );
  return section(
    'findings',
    'Findings',
    cards.length > 0 ? h('ul', { class: 'findings' }, ...cards.slice(0, most)) : none,
    rest.length > 0 ? more : null,
  );
}

interface Step {
  readonly stage: PageStage;
  readonly before: PageStage | null;
  readonly most: number;
}

/** The bytes after each stage, and what it took away; the last one counts zipped bytes. */
export function makeWaterfall(stages: readonly PageStage[]): HTMLElement | null {
  if (stages.length === 0) return null;
  const most = Math.max(1, ...stages.map(({ bytes }) => bytes));
  const steps = stages.map((stage, at): Step => ({ stage, before: stages[at - 1] ?? null, most }));
  return section(
    'stages',
    'Stage by stage',
    table(
      'Size after each stage',
      steps,
      [
        { head: 'Stage', cell: ({ stage }) => stage.stage },
        { head: 'Size', right: true, cell: sizeAfter },
        {
          head: 'Change',
          right: true,
          cell: ({ stage, before }) => (before ? formatChange(before.bytes, stage.bytes) : ''),
        },
        { head: 'Files', right: true, cell: ({ stage }) => formatCount(stage.files) },
        { head: '', className: 'wide', cell: drawStep },
      ],
      30,
    ),
  );
}

function sizeAfter({ stage, before }: Step): string {
  return before ? formatBytesPair(before.bytes, stage.bytes)[1] : formatBytes(stage.bytes);
}

function drawStep({ stage, before, most }: Step): HTMLElement {
  const from = before?.bytes ?? stage.bytes;
  const [low, high] = [Math.min(from, stage.bytes), Math.max(from, stage.bytes)];
  const percent = (bytes: number): string => `${(bytes / most) * 100}%`;
  const kind = stage.stage === 'archive' ? 'zip' : stage.bytes > from ? 'added' : 'taken';
  return h(
    'span',
    { class: 'step', 'aria-hidden': 'true' },
    h('span', { class: 'stays', 'style.width': percent(low) }),
    h('span', { class: kind, 'style.left': percent(low), 'style.width': percent(high - low) }),
  );
}

interface RuleRow {
  readonly rule: string;
  readonly why: string;
  readonly bytes: number;
  readonly files: number;
}

/** What was removed, by rule, with the way to see it in the map. */
export function makeRemoved({ removals, rules }: PageSubject, store: Store): HTMLElement | null {
  if (removals.length === 0) return null;
  const rows = rules.map(({ id, why }): RuleRow => ({ rule: id, why, bytes: 0, files: 0 }));
  const sums = rows.map(row => ({ ...row }));
  for (const [, bytes, , , rule] of removals) {
    const sum = sums[rule];
    if (!sum) continue;
    sum.bytes += bytes;
    sum.files += 1;
  }
  sums.sort((a, b) => b.bytes - a.bytes || (a.rule < b.rule ? -1 : 1));
  const most = Math.max(1, sums[0]?.bytes ?? 0);
  const total = sums.reduce((sum, { bytes }) => sum + bytes, 0);
  const seeIt = (): void => {
    store.set({ show: 'removed', grouping: 'rule', measure: 'bytes', zoom: '', view: 'map' });
    document.querySelector('#map')?.scrollIntoView();
  };
  return section(
    'removed',
    'What was removed, and why',
    h(
      'p',
      {},
      `${formatPlural(removals.length, 'file')}, ${formatBytes(total)}. `,
      h('button', { type: 'button', class: 'link', onclick: seeIt }, 'Show them in the map'),
    ),
    table('Removed files, by rule', sums, [
      { head: 'Rule', className: 'path', cell: ({ rule }) => h('code', {}, rule) },
      { head: 'Why', cell: ({ why }) => why },
      { head: 'Files', right: true, cell: ({ files }) => formatCount(files) },
      { head: 'Size', right: true, cell: ({ bytes }) => formatBytes(bytes) },
      { head: '', cell: ({ bytes }) => bar(bytes / most, 'removed') },
    ]),
  );
}
