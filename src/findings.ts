import type { CheckFinding } from './findings-check.ts';
import type { LinkageFinding } from './findings-linkage.ts';
import type { ReportFinding } from './findings-report.ts';
import type { SagemakerFinding } from './findings-sagemaker.ts';

export type { LinkageFinding } from './findings-linkage.ts';

/** Facts about the user's artifact, one variant a code. The wording lives in `report/wording.ts`. */
export type Finding = Readonly<
  | { code: 'LIMIT_ZIPPED'; level: 'error' | 'warning'; bytes: number; limit: number }
  | { code: 'LIMIT_UNZIPPED'; level: 'error'; bytes: number; limit: number }
  | {
      code: 'RUNTIME_DEPRECATED';
      level: 'warning';
      runtime: string;
      deprecated: string;
      blockCreate: string | null;
      blockUpdate: string | null;
    }
  | { code: 'RULE_MATCHED_NOTHING'; level: 'warning'; rule: string; package: string }
  | { code: 'RULE_UNKNOWN'; level: 'warning'; rule: string; nearest: string | null }
  | { code: 'KEEP_MATCHED_NOTHING'; level: 'warning'; pattern: string }
  | { code: 'PRESET_VERSION_UNTESTED'; level: 'info'; preset: string; package: string; versions: string }
  | {
      code: 'TARGET_BINARY_MISSING';
      level: 'error' | 'warning';
      package: string;
      platform: string;
      found: readonly string[];
    }
  | { code: 'INSTALL_SCRIPT_SKIPPED'; level: 'info' | 'warning'; package: string }
  | { code: 'NO_LOCKFILE'; level: 'warning'; root: string }
  /** `libraries` are names with packages of the image, `unlicensed` those whose licence was not found; `bytes` with the licences. */
  | {
      code: 'LIBRARIES_VENDORED';
      level: 'info' | 'warning';
      libraries: readonly string[];
      bytes: number;
      unlicensed: readonly string[];
      image: string;
    }
  | { code: 'REQUIREMENTS_LOOSE'; level: 'warning'; file: string; packages: readonly string[] }
  /** `instead` is what to write, or the command that does. */
  | { code: 'DEPENDENCY_FILE_UNREAD'; level: 'warning'; file: string; instead: string }
  | { code: 'IMPORT_UNRESOLVED'; level: 'warning'; module: string; importer: string }
  | { code: 'RECORD_ESCAPES'; level: 'warning'; package: string; paths: readonly string[] }
  /** `paths` are pairs that differ in case only, of which this machine's disk keeps one. */
  | { code: 'CASE_CLASH'; level: 'error'; package: string; paths: readonly string[] }
  | { code: 'FILES_CLASH'; level: 'warning'; packages: readonly string[]; paths: readonly string[] }
  | { code: 'NAME_NOT_UTF8'; level: 'warning'; path: string }
  /**
   * `bytes` are of `parts`, the packages that it brings for a GPU only, and of its own files for one. `instead` is what to install,
   * from an index of its own with the packages `together`, or null where nothing is known; `file` is where the user says so, and
   * `tool` reads it. `askedBy` are installed packages that ask for it.
   */
  | {
      code: 'CUDA_WHEEL';
      level: 'error' | 'warning';
      package: string;
      version: string;
      bytes: number;
      parts: readonly string[];
      askedBy: readonly string[];
      instead: {
        readonly package: string;
        readonly version: string | null;
        readonly index: { readonly name: string; readonly url: string } | null;
        readonly together: readonly { readonly package: string; readonly version: string }[];
      } | null;
      file: string;
      tool: 'pip' | 'pip-compile' | 'uv' | 'poetry' | 'pipenv';
    }
  | { code: 'SECRET_FILE'; level: 'warning' | 'info'; path: string; what: string }
  | { code: 'INCLUDE_MATCHED_NOTHING'; level: 'warning'; pattern: string }
  /** A glob of `publish.efs.files`; `stays` are the first of `count` files that it names and that stay beside the handler. */
  | { code: 'EFS_FILES_NOTHING'; level: 'warning'; pattern: string; stays: readonly string[]; count: number }
  | {
      code: 'LINK_LEFT_OUT';
      level: 'warning';
      path: string;
      target: string;
      reason: 'outside' | 'cycle' | 'broken';
    }
  | {
      code: 'OWN_CODE_BY_PATH';
      level: 'warning';
      path: string;
      reader: string;
      reason: 'uncompiled' | 'beside-handler' | 'outside' | 'twice';
    }
  | { code: 'DECORATOR_METADATA'; level: 'warning'; path: string }
  | { code: 'DUPLICATE_ENTRY'; level: 'error'; path: string }
  | { code: 'ENTRY_ESCAPES'; level: 'error'; path: string }
  | { code: 'ZIP64_FLAVOUR'; level: 'warning'; entries: number }
  | { code: 'COMPILE_CACHE_LEFT_OUT'; level: 'warning'; reason: string }
  /** `detail` is the version that is missing, the bytes that it would all be, or what Python said. */
  /** An own Python file that does not compile. */
  | { code: 'SOURCE_BROKEN'; level: 'error'; path: string; line: number | null; reason: string }
  /** Own Python files that import modules by names made at run time. */
  | { code: 'IMPORT_COMPUTED'; level: 'info'; importers: readonly string[] }
  /** `services` are those that the code names; `bytes` is what declaring them would save. */
  | { code: 'AWS_SERVICES_UNDECLARED'; level: 'info'; services: readonly string[]; bytes: number }
  | { code: 'AWS_SERVICE_UNKNOWN'; level: 'warning'; service: string; nearest: string | null }
  /** `pinned` are those of which the project asks for a version. */
  | {
      code: 'RUNTIME_PROVIDES';
      level: 'info' | 'warning';
      packages: readonly string[];
      pinned: readonly string[];
    }
  | { code: 'BYTECODE_LEFT_OUT'; level: 'warning'; reason: 'python' | 'size' | 'failed'; detail: string }
  | { code: 'TMP_TOO_SMALL'; level: 'error' | 'warning'; bytes: number; limit: number }
  | { code: 'COMPRESSED_BROKEN'; level: 'error'; path: string; reason: string }
  | { code: 'INFLATE_UNSUPPORTED'; level: 'error'; runtime: string; format: string }
  | { code: 'NATIVE_PATTERN_MATCHED_NOTHING'; level: 'warning'; setting: string; pattern: string }
  | { code: 'COMPRESS_NOTHING'; level: 'info'; minBytes: number }
  | { code: 'INFLATE_NOT_MEASURED'; level: 'warning'; reason: string }
  | { code: 'COMPRESS_SKIPPED'; level: 'info'; paths: readonly string[]; reason: string }
  | {
      code: 'LINK_BROKEN';
      level: 'warning';
      path: string;
      target: string;
      reason: 'outside' | 'cycle' | 'broken';
    }
  | { code: 'STRIP_KEPT'; level: 'info' | 'warning'; paths: readonly string[]; reason: string }
  | { code: 'ENTRY_UNREADABLE'; level: 'error'; path: string; reason: string }
  | { code: 'ENTRY_CLOSED'; level: 'error'; paths: readonly string[] }
  | { code: 'LIMIT_LAYERS'; level: 'error'; layers: number; limit: number }
  | LinkageFinding
  | CheckFinding
  | ReportFinding
  | SagemakerFinding
  | VerifyFinding
>;

/** Where two answers differ: `at` is a place such as `body.top.0.score`; the values are JSON text, shortened. */
export interface Difference {
  readonly at: string;
  readonly expected: string;
  readonly actual: string;
}

/** A change of the config: values to add to a list, or the value of a switch; `setting` is a path such as `native.stripExcept`. */
export type ConfigChange =
  | { readonly setting: string; readonly add: readonly string[] }
  | { readonly setting: string; readonly set: boolean };

/** What running the function tells. `event` is null where it failed before it saw one. */
export type VerifyFinding = Readonly<
  | {
      code: 'VERIFY_DIFFERS';
      level: 'error';
      event: string;
      start: 'cold' | 'warm';
      differences: readonly Difference[];
      count: number;
    }
  | { code: 'VERIFY_FAILED'; level: 'error'; event: string | null; errorType: string; message: string }
  /**
   * `paths` is the smallest set of files whose return mends it, the first of `count`; `why` is empty where no rule of ours took them.
   * `isMinimal` is false where the search was ended before each of them was shown to be needed.
   */
  | {
      code: 'VERIFY_BLAME';
      level: 'error';
      rule: string;
      why: string;
      paths: readonly string[];
      count: number;
      isMinimal: boolean;
      mend: ConfigChange | null;
    }
  | { code: 'VERIFY_UNEXPLAINED'; level: 'error'; reason: string; hint: string }
  | {
      code: 'VERIFY_ORIGINAL_FAILS';
      level: 'warning';
      event: string | null;
      errorType: string;
      message: string;
    }
  | { code: 'VERIFY_NO_EVENTS'; level: 'warning'; natives: number }
  | { code: 'VERIFY_NOT_RUN'; level: 'warning'; reason: string }
  | { code: 'VERIFY_NATIVE_MISSING'; level: 'error' | 'warning'; paths: readonly string[] }
  | { code: 'VERIFY_VOLATILE'; level: 'info' | 'warning'; event: string; places: readonly string[] }
  /** A run that answers with a failure shows little of what is needed. */
  | { code: 'EXACT_ANSWER_FAILED'; level: 'warning'; event: string; statusCode: number }
  /** The kernel did not tell what was read, so what native code reads by itself may have been missed. */
  | { code: 'EXACT_READS_UNSEEN'; level: 'warning'; reason: 'read-only' | 'noatime' }
  | { code: 'FALLBACK_USED'; level: 'warning'; paths: readonly string[]; mend: ConfigChange }
>;

export type FindingCode = Finding['code'];
export type FindingLevel = Finding['level'];
