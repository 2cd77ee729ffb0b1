import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SlimError } from '../../errors.ts';
import { exists, orNull } from '../../util/fs.ts';
import { compareCodeUnits } from '../../util/path.ts';
import type { CheckOutput } from '../subject.ts';
import { locateAsset, locateBasename, locateLocal } from './locate.ts';
import { type Locate, readFunctions } from './read-functions.ts';
import { readTemplate, type Template } from './read-template.ts';

/** Stages of CDK pipelines lie in folders of their own. */
const MAX_DEPTH = 3;

const SAM = ['template.yaml', 'template.yml', 'template.json'];

const SERVERLESS = 'cloudformation-template-update-stack.json';

/**
 * Finds the functions in what `sam build`, `cdk synth` or `serverless package` left at `dir`; null where it is no such folder.
 * A folder of a project is not searched for them. Throws `INPUT_UNREADABLE` for a template that cannot be read, and where only the
 * name says that it is such a folder, since that is what a build that failed leaves.
 */
export async function findOutput(dir: string): Promise<CheckOutput | null> {
  const names = await orNull(readdir(dir).catch(asNothing));
  if (names === null) return null;
  if (names.includes(SERVERLESS)) return collect('Serverless', dir, [join(dir, SERVERLESS)], locateBasename);
  if (names.includes('cdk.out') && basename(dir) !== 'cdk.out' && names.length === 1)
    return findOutput(join(dir, 'cdk.out'));
  if (names.includes('manifest.json') && names.some(isTemplate)) {
    return collect('CDK', dir, await listTemplates(dir, MAX_DEPTH), locateAsset);
  }
  if (basename(dir) === '.aws-sam' && names.includes('build')) return findOutput(join(dir, 'build'));
  const sam = SAM.find(name => names.includes(name));
  // Beside a built template lies what was built; a template of a project names sources.
  const isBuilt = basename(dirname(dir)) === '.aws-sam' || (await exists(join(dir, '..', 'build.toml')));
  if (!sam || !isBuilt) return refuseNamed(dir);
  // What needs no building, such as a layer of files, stays where it is in the project.
  return collect('SAM', dirname(dirname(dir)), [join(dir, sam)], locateLocal);
}

/** The names that the tools themselves give their folders. */
const NAMED = /(?:^|[/\\])(?:cdk\.out|\.serverless|\.aws-sam|\.aws-sam[/\\]build)$/;

function refuseNamed(dir: string): null {
  if (!NAMED.test(resolve(dir))) return null;
  throw new SlimError('INPUT_UNREADABLE', [
    dir,
    'it is named like the output of a tool, but has no template',
  ]);
}

/** A file is no folder. */
function asNothing(): null {
  return null;
}

function isTemplate(name: string): boolean {
  return name.endsWith('.template.json');
}

async function listTemplates(dir: string, depth: number): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const own = entries
    .filter(each => each.isFile() && isTemplate(each.name))
    .map(({ name }) => join(dir, name));
  const stages = entries.filter(each => each.isDirectory() && each.name.startsWith('assembly-'));
  const below =
    depth === 0 ? [] : await Promise.all(stages.map(({ name }) => listTemplates(join(dir, name), depth - 1)));
  return [...own.sort(compareCodeUnits), ...below.flat()];
}

type MakeLocate = (dir: string, template: Template) => Promise<Locate> | Locate;

async function collect(
  tool: CheckOutput['tool'],
  root: string,
  templates: readonly string[],
  makeLocate: MakeLocate,
): Promise<CheckOutput> {
  const found = [];
  for (const path of templates) {
    const template = await readTemplate(path);
    const dir = dirname(path);
    found.push(...(await readFunctions(template, { dir, root }, await makeLocate(dir, template))));
  }
  if (found.length === 0)
    throw new SlimError('INPUT_UNREADABLE', [root, 'its templates have no function of Lambda']);
  return {
    tool,
    subjects: found.flatMap(each => ('subject' in each ? [each.subject] : [])),
    findings: found.flatMap(each => ('finding' in each ? [each.finding] : [])),
  };
}
