/** The messages of `errors.ts` that are about installing in a container. */
export const CONTAINER_MESSAGES = {
  CONTAINER_STEP_FAILED: (command: string, exitCode: number, lastLines: string, byHand: string) => ({
    message: `\`${command}\` failed in the container with exit code ${exitCode}:\n${lastLines}\nBy hand, in the folder that this was run in:`,
    script: byHand,
    hint: 'Look around in the same environment with `lambda-slim container shell`; what the image lacks can be added under "container.packages".',
  }),
  CONTAINER_TOOL_MISSING: (image: string, tool: string) => ({
    message: `The image ${image} has no ${tool}, which is needed to install in it.`,
    hint: 'Leave --container-image out to use the image that AWS builds with; or name one that has it, or add the package it is in under "container.packages".',
  }),
  CONTAINER_PACKAGES_FAILED: (image: string, packages: readonly string[], output: string | null) => ({
    message:
      output === null
        ? `The system packages ${packages.join(', ')} cannot be installed in ${image}, which has no dnf, microdnf, yum or apt-get.`
        : `The system packages ${packages.join(', ')} could not be installed in ${image}:\n${output}`,
    hint:
      output === null
        ? 'Name an image that has them, and take them out of "container.packages"; or leave --container-image out to use the image that AWS builds with, which has dnf or yum.'
        : 'Mend their names under "container.packages": they are those of the package manager of the image. Behind a proxy, set HTTPS_PROXY.',
  }),
  CONTAINER_EMULATION_MISSING: (image: string, platform: string) => ({
    message: `The image ${image} is for ${platform}, and nothing here runs programs for that CPU.`,
    hint: 'Register QEMU: `docker run --privileged --rm tonistiigi/binfmt --install all`, or install qemu-user-static (Debian, Ubuntu, Fedora); or build on a machine with that CPU, or choose another with --arch.',
  }),
  CONTAINER_NO_SPACE: (task: string, output: string) => ({
    message: `The disk is full, so it was not possible to ${task}: ${output}`,
    hint: 'Free what containers no longer need (`docker system prune`), or give the engine more disk; results also need room in the temporary folder of this machine.',
  }),
  CONTAINER_OUT_OF_MEMORY: (command: string, limit: string) => ({
    message: `\`${command}\` was killed in the container, since memory ran out (${limit}).`,
    hint: 'Raise "container.memoryMiB" or the memory of the engine\'s machine; or let fewer compilers run side by side (MAKEFLAGS=-j1 in "container.environment").',
  }),
  CONTAINER_KILLED: (command: string, reason: string) => ({
    message: `The container was ended from outside while it ran \`${command}\`: ${reason}.`,
    hint: 'Find out who did so (`docker events --since 1h`), and run it again.',
  }),
  CONTAINER_LIBRARY_ABSENT: (libraries: readonly string[], image: string) => ({
    message: `The image ${image} does not have ${libraries.join(', ')}, which "container.vendorLibraries" asks for.`,
    hint: 'Mend the name; it is the one that modules ask for, such as libgomp.so.1. Or install the package that has it with "container.packages".',
  }),
  CONTAINER_LIBRARY_PROVIDED: (library: string, runtime: string) => ({
    message: `${runtime} has ${library}, or the glibc that it is a part of: one in the artifact would not be found, or would not fit.`,
    hint: 'Leave it out of "container.vendorLibraries". If what needs it asks for a newer one, build in the image that AWS builds with.',
  }),
  CONTAINER_TIMEOUT: (seconds: number) => ({
    message: `The container did not finish within ${seconds} s, and was removed.`,
    hint: 'Raise "container.timeoutSeconds" if it has this much to do; else look for what waits: its last lines are above.',
  }),
} as const;
