import type { Finding } from '../findings.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

type CudaFinding = Extract<Finding, { readonly code: 'CUDA_WHEEL' }>;
type Instead = NonNullable<CudaFinding['instead']>;

/** Puts a build for CUDA into words, with the lines that take its place in the user's own kind of file. */
export function wordCuda(finding: CudaFinding): Wording {
  const { package: name, version, bytes, level } = finding;
  const over = level === 'error' ? ' That alone is more than a function may have.' : '';
  const weight =
    bytes > 0
      ? `${formatBytes(bytes)} (${describeParts(finding)}) are there only for one.${over}`
      : 'What its libraries hold for one is never used.';
  return {
    message: `${name} ${version} is for CUDA, and Lambda has no GPU. ${weight}`,
    hint: [describeChange(finding), ...describeAskers(finding)].join(' '),
    ...(finding.instead ? { lines: LINES[finding.tool](finding.instead) } : {}),
  };
}

/** Packages that a message names. */
const SHOWN = 3;

function describeParts({ parts }: CudaFinding): string {
  if (parts.length === 0) return 'its own libraries';
  const more = parts.length - SHOWN;
  return `${parts.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${formatPlural(more, 'more package')}` : ''}`;
}

function describeChange({ package: name, instead, file, tool }: CudaFinding): string {
  if (instead === null) return `Leave ${name} out of ${file}, and do what it is for on the CPU.`;
  const place = name === instead.package ? '' : `, in place of ${name}`;
  return `Write the lines below into ${file}${place}. ${LOCK[tool]}`;
}

function describeAskers({ package: name, askedBy, instead }: CudaFinding): readonly string[] {
  if (instead?.index || askedBy.length === 0) return [];
  return [`${askedBy.slice(0, SHOWN).join(', ')} asked for ${name}, and would bring it back.`];
}

const LOCK: Readonly<Record<CudaFinding['tool'], string>> = {
  pip: 'pip needs no more than that.',
  'pip-compile': 'Where pip-compile or uv wrote the file, write them into its source, and compile it again.',
  uv: 'Then run `uv lock`, if you lock with it.',
  poetry: 'Then run `poetry lock`.',
  pipenv: 'Then run `pipenv lock`.',
};

const LINES: Readonly<Record<CudaFinding['tool'], (instead: Instead) => readonly string[]>> = {
  pip: linesOfPip,
  'pip-compile': linesOfPip,
  uv: linesOfUv,
  poetry: linesOfPoetry,
  pipenv: linesOfPipenv,
};

interface Pin {
  readonly package: string;
  readonly version: string | null;
}

function pinsOf({ package: name, version, together }: Instead): readonly Pin[] {
  return [{ package: name, version }, ...together];
}

function pinned({ package: name, version }: Pin): string {
  return version === null ? name : `${name}==${version}`;
}

function linesOfPip(instead: Instead): readonly string[] {
  const { index } = instead;
  return [...(index ? [`--extra-index-url ${index.url}`] : []), ...pinsOf(instead).map(pinned)];
}

function linesOfUv(instead: Instead): readonly string[] {
  const { index } = instead;
  if (!index) return pinsOf(instead).map(pin => `"${pinned(pin)}",`);
  return [
    ...['[[tool.uv.index]]', `name = "${index.name}"`, `url = "${index.url}"`, 'explicit = true', ''],
    '[tool.uv.sources]',
    ...pinsOf(instead).map(pin => `${pin.package} = { index = "${index.name}" }`),
  ];
}

function linesOfPoetry(instead: Instead): readonly string[] {
  const { index } = instead;
  const source = index ? `, source = "${index.name}"` : '';
  return [
    ...(index
      ? [
          '[[tool.poetry.source]]',
          `name = "${index.name}"`,
          `url = "${index.url}"`,
          'priority = "explicit"',
          '',
        ]
      : []),
    '[tool.poetry.dependencies]',
    ...pinsOf(instead).map(pin => `${pin.package} = { version = "${pin.version ?? '*'}"${source} }`),
  ];
}

function linesOfPipenv(instead: Instead): readonly string[] {
  const { index } = instead;
  const source = index ? `, index = "${index.name}"` : '';
  const version = ({ version }: Pin): string => (version === null ? '*' : `==${version}`);
  return [
    ...(index
      ? ['[[source]]', `name = "${index.name}"`, `url = "${index.url}"`, 'verify_ssl = true', '']
      : []),
    '[packages]',
    ...pinsOf(instead).map(pin => `${pin.package} = { version = "${version(pin)}"${source} }`),
  ];
}
