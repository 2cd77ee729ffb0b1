/**
 * What the linkage gate says of the native files of one package. `paths` are the first of them, those of layers absolute;
 * `count` and `bytes` are of all.
 */
export type LinkageFinding = {
  package: string;
  paths: readonly string[];
  count: number;
  bytes: number;
  level: 'error' | 'warning' | 'info';
} & (
  | { code: 'ARCH_MISMATCH'; machines: readonly string[]; expected: string; mixed: boolean }
  | { code: 'NOT_LINUX'; systems: readonly string[] }
  | { code: 'LIBC_MISMATCH'; libcs: readonly string[] }
  | TooNew<'GLIBC_TOO_NEW'>
  | TooNew<'GLIBCXX_TOO_NEW'>
  | TooNew<'CXXABI_TOO_NEW'>
  /** `chain` leads from a file that nothing else needs to the one that needs the first of `libraries`. */
  | {
      code: 'LIB_MISSING';
      libraries: readonly string[];
      chain: readonly string[];
      elsewhere: string | null;
      advice: string | null;
      reason: 'missing' | 'off the path' | 'optional' | 'uncertain';
    }
  | { code: 'LIB_BY_NAME'; libraries: readonly string[] }
  | { code: 'LIB_SHADOWED'; libraries: readonly string[]; own: string; needs: string | null }
  | { code: 'PYTHON_ABI_MISMATCH'; tag: string; runtime: string; expected: string }
  | {
      code: 'NAPI_TOO_NEW';
      symbols: readonly string[];
      needs: number;
      has: number;
      runtime: string;
      fits: readonly string[];
    }
  | {
      code: 'NODE_ABI_MISMATCH';
      abis: readonly string[];
      expected: string;
      runtime: string;
      fits: readonly string[];
    }
  | { code: 'EXEC_BIT_LOST' }
  | { code: 'STRIP_DAMAGED'; reason: string }
  | {
      code: 'LIBRARY_BROKEN';
      what: 'broken' | 'archive' | 'linker script' | 'git-lfs pointer' | 'empty' | 'unknown';
      reason: string | null;
    }
  | { code: 'LIBRARY_HOLES'; holes: number }
);

/** A symbol version that the runtime does not have; `own` is a copy in the artifact that is not the one that is used. */
interface TooNew<C> {
  code: C;
  needs: string;
  has: string;
  runtime: string;
  fits: readonly string[];
  own: string | null;
  /** True where newer images of the runtime may have it. */
  uncertain: boolean;
}
