/** The messages of `errors.ts` that are about bundles for EFS and about syncing them. */
export const EFS_MESSAGES = {
  BUNDLE_INVALID: (where: string, reason: string) => ({
    message: `${where} is no bundle that can be trusted: ${reason}.`,
    hint: 'Build it again with `lambda-slim build --target efs`, and upload or copy it whole.',
  }),
  BUNDLE_MISSING: (where: string) => ({
    message: `${where} is not there, so there is no whole bundle.`,
    hint: 'Mend the path or the s3:// address, which is that of the folder that holds bundle.json; or build the bundle with `lambda-slim build --target efs`.',
  }),
  BUNDLE_IN_THE_WAY: (path: string) => ({
    message: `${path} is there and is no bundle, so it is not replaced.`,
    hint: 'Choose another place with --out, or remove it yourself.',
  }),
  BUNDLE_SPOILT: (where: string, what: string) => ({
    message: `${where} is spoilt: ${what}, also when it was fetched once more. Nothing that was there before has changed.`,
    hint: 'Build the bundle again and upload or copy it whole; then sync again, which goes on where this one stopped.',
  }),
  BUNDLE_UNREACHABLE: (where: string, reason: string) => ({
    message: `${where} could not be fetched, although it was tried several times: ${reason}.`,
    hint: 'Look at the network (a function in a VPC needs an S3 endpoint), and sync again, which goes on where this one stopped.',
  }),
  SYNC_BUSY: (dir: string, owner: string, since: string) => ({
    message: `${dir} is being changed by ${owner}, since ${since}.`,
    hint: 'Wait for it with --wait <seconds>. If it was killed, its lock ends by itself within its lease (a minute).',
  }),
  SYNC_LOCK_LOST: (dir: string) => ({
    message: `This sync of ${dir} slept for longer than its lease, and another took over; it has stopped, and nothing is broken.`,
    hint: 'Let the other one finish, and sync again if its release is not the one you want.',
  }),
  SYNC_UNWRITABLE: (path: string, reason: string) => ({
    message: `Cannot write ${path}: ${reason}. The release that counts has not changed.`,
    hint: 'Mend that (free space, permissions, the mount) and sync again: it goes on where this one stopped.',
  }),
  SYNC_UNREADABLE: (path: string, reason: string) => ({
    message: `Cannot read ${path}: ${reason}.`,
    hint: 'Look whether the file system is mounted, and whether its files may be read.',
  }),
  STORE_MISSING: (dir: string) => ({
    message: `No release has been synced to ${dir}.`,
    hint: 'Name the folder that a sync wrote (the one with `store.json`), or sync a bundle to it: `lambda-slim sync <bundle> --to <folder>`.',
  }),
  STORE_IN_THE_WAY: (dir: string, reason: string) => ({
    message: `${dir} is there and is no store of lambda-slim: ${reason}. Nothing was written.`,
    hint: 'Choose a folder that is empty or not there yet, such as one below it. Where it was a store, give it its store.json again: {"schema":1,"name":"<function>"}.',
  }),
  STORE_OTHER: (dir: string, owner: string, name: string) => ({
    message: `${dir} has the releases of the function ${JSON.stringify(owner)}, and this bundle is of ${JSON.stringify(name)}. Nothing was written.`,
    hint: `Choose a folder of its own for each function. If this function was renamed, write its new name into ${dir}/store.json.`,
  }),
  STORE_SPOILT: (path: string, reason: string) => ({
    message: `${path} does not keep what is written to it: ${reason}. The release that counts has not changed.`,
    hint: 'Look at the disk or mount, and whether something else writes there; then sync again.',
  }),
  RELEASE_UNKNOWN: (release: string, where: string, known: readonly string[]) => ({
    message: `${where} has no release ${JSON.stringify(release)}. It has: ${known.map(id => id.slice(0, 12)).join(', ') || 'none'}.`,
    hint: 'Give the id of a release, or how it begins.',
  }),
  RELEASE_AMBIGUOUS: (release: string, matches: readonly string[]) => ({
    message: `More than one release begins with ${JSON.stringify(release)}: ${matches.map(id => id.slice(0, 16)).join(', ')}.`,
    hint: 'Give more of its id.',
  }),
  ROLLBACK_NONE: (dir: string) => ({
    message: `${dir} has no release that was the current one before this one.`,
    hint: 'Sync the release that you want: `lambda-slim sync <bundle> --to <folder>`, with `--release <id>` for one that is there already.',
  }),
  EFS_UNSUITED: (handler: string, reason: string) => ({
    message: `The handler ${handler} cannot find its packages on a file system: ${reason}.`,
    hint: 'Leave the handler\'s own module out of the globs of "publish.efs.files"; or build with --target zip.',
  }),
  EFS_NOT_BUILT: () => ({
    message: 'There is no bundle beside this artifact, so nothing of it can go to a file system.',
    hint: 'Build it with `lambda-slim build --target efs` and publish that zip, with its manifest and its .bundle folder beside it.',
  }),
  EFS_ACCESS_POINT: (arn: string, isThere: boolean) => ({
    message: isThere ? `The access point ${arn} is not available yet.` : `There is no access point ${arn}.`,
    hint: 'Check --access-point and AWS_PROFILE; `aws efs describe-access-points` shows what is there.',
  }),
  EFS_NO_TARGET: (fileSystem: string) => ({
    message: `The file system ${fileSystem} has no mount target that is available, so nobody can mount it.`,
    hint: 'Make one in each availability zone of the function (`aws efs create-mount-target`), and wait until it is available.',
  }),
  EFS_VPC_NEEDED: (name: string, subnets: readonly string[]) => ({
    message: `${name} is in no VPC, and a file system is mounted through one.${subnets.length > 0 ? ` Its mount targets lie in ${subnets.join(', ')}.` : ''}`,
    hint: 'Name subnets and security groups: --subnet and --security-group, or "publish": { "vpc": { "subnetIds": […], "securityGroupIds": […] } } in the config.',
  }),
  EFS_SNAP_START: (name: string) => ({
    message: `${name} has SnapStart, which does not go together with a file system.`,
    hint: 'Switch it off first (`aws lambda update-function-configuration --snap-start ApplyOn=None`).',
  }),
  EFS_NAME_TAKEN: (name: string) => ({
    message: `There is a function ${name} already, and lambda-slim did not make it, so it stays as it is.`,
    hint: 'Name the function that syncs otherwise: --sync-function, or "syncFunction" of "publish.efs" in the config.',
  }),
  EFS_S3_UNREACHABLE: (name: string, reason: string) => ({
    message: `The function ${name} cannot reach S3 from its VPC (${reason}).`,
    hint: 'Give the route tables of its subnets a gateway endpoint for S3, which costs nothing (`aws ec2 create-vpc-endpoint --service-name com.amazonaws.<region>.s3`), or a NAT, and let its security group out at TCP 443. Then publish again.',
  }),
  EFS_S3_DENIED: (name: string, reason: string) => ({
    message: `The function ${name} may not read the bundle: ${reason}`,
    hint: 'Allow s3:GetObject on the prefix to its role, in the policy of the bucket, and in that of the endpoint, if there is one.',
  }),
  EFS_STORE_CLOSED: (name: string, store: string) => ({
    message: `The function ${name} may not write to ${store}.`,
    hint: "Give the access point a POSIX user that owns its folder (root directory with creation info), and the function's role elasticfilesystem:ClientWrite.",
  }),
  EFS_SYNC_FAILED: (name: string, reason: string, hint: string) => ({
    message: `The function ${name} could not bring the release: ${reason.replace(/\.$/, '')}.`,
    hint:
      hint ||
      `Its log tells more: /aws/lambda/${name}. Publish again: what is there already is not fetched twice.`,
  }),
  EFS_SYNC_SILENT: (name: string, phase: string | null) => ({
    message: `The function ${name} was started, and then nothing was heard of it${phase === null ? '' : ` while it was at "${phase}"`}.`,
    hint: `See its log, /aws/lambda/${name}, and publish again: what is there already is not fetched twice.`,
  }),
  EFS_COPY_FAILED: (status: string, reason: string, execution: string) => ({
    message: `DataSync did not copy the release (${status}): ${reason.replace(/\.$/, '')}.`,
    hint: `\`aws datasync describe-task-execution --task-execution-arn ${execution}\` tells more. Publish again: files that are there are not copied twice.`,
  }),
  SAMPLE_FAILED: (name: string, type: string, message: string) => ({
    message: `${name} failed on the sample with ${type}: ${message.replace(/\.$/, '')}.`,
    hint: 'Mend what it names; versions and aliases were not touched. `lambda-slim invoke` runs the same zip here.',
  }),
} as const;
