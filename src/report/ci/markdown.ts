import type { FindingLevel } from '../../findings.ts';
import { limits } from '../../platform/limits.ts';
import { formatBytes, formatBytesPair, formatPlural } from '../bytes.ts';
import { formatChange } from '../growth-words.ts';
import { wordFinding } from '../wording.ts';
import { codeOf, escapeMarkdown, preOf } from './escape-markdown.ts';
import { tellGrowth } from './growth-markdown.ts';
import { countFindings, type Judged, sortFindings, type Told } from './judged.ts';

/** By this line a comment is found again. */
export const MARKER = '<!-- lambda-slim -->';

/** GitHub's comments hold 65,536 characters. */
const MAX_CHARACTERS = 65_000;
/** Left free for the word about what was cut. */
const TAIL_CHARACTERS = 300;
/** One finding may name thousands of paths. */
const MAX_BLOCK_CHARACTERS = 4_000;

const ICONS: Readonly<Record<FindingLevel, string>> = { error: '❌', warning: '⚠️', info: 'ℹ️' };

/** A comment for a pull request, under 65,000 characters: sizes, errors, what grew, and then the rest, as far as there is room. */
export function toMarkdown(judged: readonly Judged[]): string {
  const told = sortFindings(judged);
  const isUrgent = ({ finding }: Told): boolean => finding.level === 'error';
  const block = (item: Told): string => tellFinding(item, judged.length > 1);
  return joinBlocks(`${MARKER}\n### lambda-slim: ${countFindings(judged)}\n`, [
    ...tableBlocks(judged),
    ...told.filter(isUrgent).map(block),
    ...judged.flatMap(tellGrowth),
    ...told.filter(item => !isUrgent(item)).map(block),
  ]);
}

/** The same for a run that came to nothing. */
export function toMarkdownError(code: string, message: string, hint: string): string {
  const head = `${MARKER}\n### lambda-slim could not run\n`;
  return joinBlocks(head, [
    `\n${ICONS.error} ${codeOf(code)} ${cut(escapeMarkdown(message))}\n${escapeMarkdown(hint)}\n`,
  ]);
}

/** Takes blocks while there is room, in their order, and says how many it left out. */
function joinBlocks(head: string, blocks: readonly string[]): string {
  let text = head;
  for (const [at, block] of blocks.entries()) {
    if (text.length + block.length > MAX_CHARACTERS - TAIL_CHARACTERS) {
      const left = formatPlural(blocks.length - at, 'more item');
      return `${text}\n**Cut here: ${left} did not fit.** All of it is in the output of <code>lambda-slim check</code>.\n`;
    }
    text += block;
  }
  return text;
}

/** A row a block, so that a table of many functions is cut between them. */
function tableBlocks(judged: readonly Judged[]): readonly string[] {
  const rows = judged.map(({ name, runtime, arch, zippedBytes, unzippedBytes, growth }) => {
    const platform = [runtime, arch].filter(word => word !== null).join(', ') || '–';
    const zipped = zippedBytes === null ? '–' : formatBytesPair(zippedBytes, limits.zippedBytes)[0];
    const unzipped = unzippedBytes === null ? '–' : formatBytesPair(unzippedBytes, limits.unzippedBytes)[0];
    const grown = growth ? formatChange(growth.unzippedBytes - growth.beforeUnzippedBytes) : '–';
    return `| ${[codeOf(name), escapeMarkdown(platform), zipped, unzipped, grown].join(' | ')} |\n`;
  });
  const most = `zipped (limit ${formatBytes(limits.zippedBytes)}) | unzipped (limit ${formatBytes(limits.unzippedBytes)})`;
  const head = `\n| function | for | ${most} | growth |\n|---|---|---:|---:|---:|\n`;
  return [head, ...rows];
}

function tellFinding({ of, finding }: Told, withName: boolean): string {
  const { message, hint, lines = [] } = wordFinding(finding);
  const name = withName ? ` ${codeOf(of.name)}` : '';
  const pasted = lines.length === 0 ? '' : `\n${cut(preOf(lines))}`;
  return `\n${ICONS[finding.level]} **${finding.level}** ${codeOf(finding.code)}${name}<br>\n${cut(escapeMarkdown(message))}<br>\n${cut(escapeMarkdown(hint))}${pasted}\n`;
}

/** Cuts where neither an entity nor a tag is cut in two, and closes what is open. */
function cut(html: string): string {
  if (html.length <= MAX_BLOCK_CHARACTERS) return html;
  const head = html.slice(0, MAX_BLOCK_CHARACTERS).replace(/(?:&[^;]*|<[^>]*)$/, '');
  const open = [...head.matchAll(/<(\/?)(code|pre)>/g)].at(-1);
  return `${head}${open && open[1] === '' ? `</${open[2]}>` : ''} … (cut)`;
}
