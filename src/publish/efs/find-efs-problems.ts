import { limits } from '../../platform/limits.ts';
import type { EfsSettings, PublishSettings } from '../../publish-types.ts';

const EFS = /^arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:\d{12}:access-point\/fsap-[a-f0-9]{17}$/;
const S3_FILES =
  /^arn:aws[a-z-]*:s3files:[a-z0-9-]+:\d{12}:file-system\/fs-[a-f0-9]+\/access-point\/fsap-[a-f0-9]{17}$/;
const MOUNT = /^\/mnt\/(?!\.{1,2}$)[a-zA-Z0-9-_.]+$/;
const FOLDER = /^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/;
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Of printable ASCII, since it goes into policies and addresses. */
const PREFIX = /^[\w!.*'()/-]*$/;

type Problem = string | false | null;

/** What AWS would refuse of the way to a file system. */
export function findEfsProblems({ efs, functionName }: PublishSettings): readonly Problem[] {
  return efs === null ? [] : [...places(efs), ...ways(efs, functionName)];
}

function places({ accessPoint, mount, store, via }: EfsSettings): readonly Problem[] {
  const pattern = via === 's3files' ? S3_FILES : EFS;
  const what = via === 's3files' ? 'S3 Files' : 'EFS';
  return [
    accessPoint === '' && 'the target efs needs an access point (--access-point, or "accessPoint" of "efs")',
    accessPoint !== '' &&
      !pattern.test(accessPoint) &&
      `${accessPoint} is not the ARN of an access point of ${what}`,
    (!MOUNT.test(mount) || mount.length > limits.mountPathCharacters) &&
      `the mount ${mount} has to be /mnt/ and one name, such as /mnt/ml`,
    !FOLDER.test(store.slice(mount.length + 1)) &&
      `the folder ${store.slice(mount.length + 1)} has to be a relative path, such as classify`,
  ];
}

function ways(efs: EfsSettings, functionName: string): readonly Problem[] {
  const { bucket, prefix, via, follow, syncFunction, copyRole, store, mount } = efs;
  const folder = store.slice(mount.length);
  return [
    bucket === '' && 'the target efs needs a bucket that the bundle goes through (--bucket)',
    bucket !== '' && !BUCKET.test(bucket) && `${bucket} is no name of a bucket`,
    !PREFIX.test(prefix) && `the prefix ${prefix} has characters that S3 advises against`,
    via === 's3files' &&
      !`/${prefix}`.endsWith(folder) &&
      `with S3 Files keys are paths, so the prefix ${prefix} has to end with the folder ${folder.slice(1)}`,
    via === 'sync' &&
      !NAME.test(syncFunction) &&
      `the function name ${syncFunction} has to have 1 to 64 letters, digits, "-" and "_"`,
    via === 'sync' && syncFunction === functionName && 'the function that syncs needs a name of its own',
    via !== 'sync' && follow === 'current' && `${via} cannot switch a link, so "follow" has to be release`,
    via === 'datasync' && copyRole === null && 'DataSync needs a role that may read the bucket (--copy-role)',
  ];
}
