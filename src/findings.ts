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
  | { code: 'SECRET_FILE'; level: 'warning'; path: string; what: string }
  | { code: 'INCLUDE_MATCHED_NOTHING'; level: 'warning'; pattern: string }
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
  | { code: 'ENTRY_UNREADABLE'; level: 'error'; path: string; reason: string }
>;

export type FindingCode = Finding['code'];
export type FindingLevel = Finding['level'];
