/** What is found in an archive for SageMaker. Sizes are bytes. */
export type SagemakerFinding = Readonly<
  /** `bytes` is what the archive and what is unpacked of it take; `copies` counts how often the container lays it down. */
  | { code: 'SAGEMAKER_DISK'; level: 'error' | 'warning'; bytes: number; limit: number; copies: number }
  | { code: 'SAGEMAKER_INSTALLS'; level: 'warning'; path: string; seconds: number }
  | { code: 'SAGEMAKER_REQUIREMENTS_UNREAD'; level: 'warning'; path: string }
  | { code: 'SAGEMAKER_VERSION_ZERO'; level: 'error'; path: string }
  | { code: 'SAGEMAKER_WRAPPED'; level: 'error'; folder: string }
  | { code: 'SAGEMAKER_LINKS'; level: 'error'; paths: readonly string[]; count: number }
  | { code: 'SAGEMAKER_STRAY'; level: 'warning'; paths: readonly string[]; count: number }
  | { code: 'SAGEMAKER_NO_MODEL'; level: 'error'; framework: 'pytorch' | 'tensorflow' }
  | { code: 'SAGEMAKER_NO_SCRIPT'; level: 'info' | 'warning'; models: number }
  /** Packages that the image has, so that they stayed out. */
  | { code: 'SAGEMAKER_PROVIDES'; level: 'info'; packages: readonly string[]; image: string }
>;
