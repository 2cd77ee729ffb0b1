import type { Finding } from '../findings.ts';
import type { BuildResult, NativeReport } from '../types.ts';
import { groupRemovals } from './group-removals.ts';
import { wordFinding } from './wording.ts';

/** Version of the JSON documents; a change that could break a reader raises it. */
export const JSON_SCHEMA = 1;

export interface Tool {
  readonly name: 'lambda-slim';
  readonly version: string;
}

type Json = Readonly<Record<string, unknown>>;

/** One JSON document as text; `docs/json.md` describes what is in it. */
export function formatDocument(tool: Tool, command: string, content: Json): string {
  return `${JSON.stringify({ schema: JSON_SCHEMA, tool, command, ...content }, null, 2)}\n`;
}

/** The content for one function, or for several under `functions`. */
export function toResultContent(results: readonly BuildResult[], options: { readonly paths: boolean }): Json {
  const contents = results.map(result => toFunctionContent(result, options.paths));
  return contents.length === 1 && contents[0] ? contents[0] : { functions: contents };
}

/** A finding with its facts and its wording. */
export function toFindingContent(finding: Finding): Json {
  return { ...finding, ...wordFinding(finding) };
}

/** The outcome of each file is in the manifest; here they are counted, unless paths were asked for. */
function toNativeContent({ files, shared, compressed }: NativeReport, withPaths: boolean): Json {
  const stripped = files.filter(({ outcome }) => outcome === 'stripped');
  return {
    libraries: files.length,
    stripped: stripped.length,
    strippedBytes: stripped.reduce((sum, file) => sum + file.bytesBefore - file.bytesAfter, 0),
    shared: shared.length,
    sharedBytes: shared.reduce((sum, { bytes }) => sum + bytes, 0),
    compressed,
    ...(withPaths ? { files, links: shared } : {}),
  };
}

function toFunctionContent(result: BuildResult, withPaths: boolean): Json {
  const { artifact, platform } = result;
  return {
    function: result.name,
    runtime: platform.runtime.id,
    arch: platform.arch,
    handler: result.handler,
    artifact: artifact && {
      path: artifact.path,
      sha256: artifact.sha256,
      codeSha256: artifact.codeSha256,
      zippedBytes: artifact.zippedBytes,
      unzippedBytes: artifact.unzippedBytes,
      files: artifact.files,
    },
    native: toNativeContent(result.native, withPaths),
    compileCache: result.compileCache,
    bytecode: result.bytecode,
    exact: result.exact,
    efs: result.efs,
    verification: result.verification,
    upToDate: result.upToDate,
    stages: result.stages,
    removals: groupRemovals(result.tree.removals).map(({ paths, ...group }) =>
      withPaths ? { ...group, paths } : group,
    ),
    findings: result.findings.map(toFindingContent),
    timings: result.timings,
  };
}
