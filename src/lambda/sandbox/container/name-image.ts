import type { Arch, Runtime } from '../../../types.ts';

const TAGS: Readonly<Record<Arch, string>> = { x64: 'x86_64', arm64: 'arm64' };

/** The image that AWS publishes for a runtime, such as `public.ecr.aws/lambda/nodejs:24-x86_64`. */
export function nameImage({ language, version }: Runtime, arch: Arch): string {
  return `public.ecr.aws/lambda/${language}:${version}-${TAGS[arch]}`;
}
