/** The messages of `errors.ts` that are about running a function on this machine. */
export const LOCAL_MESSAGES = {
  EXACT_NEEDS_EVENTS: () => ({
    message:
      'Level exact keeps only what a recorded run needs, and there is no event to run the function on.',
    hint: 'Put events as JSON files into events/, or name them with "verify": { "events": […] } or --events; or choose another --level.',
  }),
  EXACT_RUN_FAILED: (event: string, errorType: string, message: string) => ({
    message: `Level exact runs the function to see what it needs, and it failed on the event ${JSON.stringify(event)}: ${errorType}: ${message}`,
    hint: 'Try it with `lambda-slim invoke`; mend the function, or take the event out, since a run that fails does not show what is needed.',
  }),
  FALLBACK_UNSUPPORTED: (handler: string, reason: string) => ({
    message: `A function with the handler ${handler} cannot fetch missed files at run time: ${reason}.`,
    hint: 'Build without --fallback, or let the handler be in a source file of its own, inside the artifact.',
  }),
  EXACT_NOT_RECORDED: (missing: string) => ({
    message: `The recorded run of level exact did not even show that ${missing} was read, so nothing can be taken out by it.`,
    hint: 'A NODE_OPTIONS or PYTHONPATH that the function sets itself may keep the recorder out; else report this, and choose another --level meanwhile.',
  }),
  EVENT_INVALID: (path: string, reason: string) => ({
    message: `The event ${path} is not JSON: ${reason}.`,
    hint: 'Mend it at the place shown; an event is what Lambda passes to the handler, as one JSON value.',
  }),
  PAYLOAD_TOO_LARGE: (what: string, bytes: number, limit: number) => ({
    message: `${what} has ${bytes} bytes; Lambda takes at most ${limit}.`,
    hint: 'Send large data through S3 and only its address in the event; an image in base64 may have about 4.5 MB.',
  }),
  PYTHON_MISSING: (version: string) => ({
    message: `No Python ${version} was found on this machine, so the function cannot be run here.`,
    hint: `Install it, for example with \`uv python install ${version}\` or \`pyenv install ${version}\`, or run in Lambda's image with --container.`,
  }),
  ENV_RESERVED: (names: string) => ({
    message: `Lambda sets ${names} itself and refuses functions that bring their own.`,
    hint: 'Take it out of "environment" or --env.',
  }),
  SANDBOX_FAILED: (reason: string) => ({
    message: `The function cannot be kept apart from this machine, although others can: ${reason}`,
    hint: 'Mend what it names. With --isolation none it runs without a sandbox, and may then do what you may.',
  }),
  PORT_IN_USE: (host: string, port: number) => ({
    message: `Something else already listens on ${host}:${port}.`,
    hint: 'Stop it, or choose another port with --port; --port 0 takes a free one.',
  }),
  CANNOT_LISTEN: (host: string, port: number, reason: string) => ({
    message: `Cannot listen on ${host}, port ${port}: ${reason}.`,
    hint: 'Choose an address of this machine with --host (127.0.0.1 is the default), or another port with --port.',
  }),
  EVENTS_MISSING: (globs: readonly string[]) => ({
    message: `No file matches ${globs.join(', ')}, so there is no event to verify with.`,
    hint: 'Check the glob; it is relative to the current folder, and has to be quoted, so that the shell leaves it alone. `*.answer.json` are answers, not events.',
  }),
  ANSWER_INVALID: (path: string, reason: string) => ({
    message: `${path} is not an answer that was recorded: ${reason}.`,
    hint: 'Record it anew with `lambda-slim verify --record`, or remove it.',
  }),
  CONTAINER_ENGINE_MISSING: (looked: readonly string[]) => ({
    message: `No container engine was found: ${looked.length === 1 ? looked[0] : `none of ${looked.join(', ')}`} is ${looked.length === 1 ? 'not ' : ''}on the PATH, and --container needs one to run the image of the runtime.`,
    hint: 'Install Docker, Podman or Finch; or leave --container out. A function then runs in a sandbox of its own, and packages are installed on this machine.',
  }),
  CONTAINER_ENGINE_DOWN: (engine: string, output: string) => ({
    message: `${engine} is installed, but its engine does not answer: ${output}`,
    hint: 'Start it: Docker Desktop, `sudo systemctl start docker`, `podman machine start` or `finch vm start`; and check DOCKER_HOST, if it is set.',
  }),
  CONTAINER_ENGINE_DENIED: (engine: string, output: string) => ({
    message: `${engine} does not let you use its engine: ${output}`,
    hint: 'Add yourself to its group (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine such as Podman. Who may use the socket of Docker is root on this machine.',
  }),
  CONTAINER_ENGINE_FAR: (engine: string, endpoint: string) => ({
    message: `${engine} runs its containers at ${endpoint}, from where they cannot reach the Runtime API on this machine.`,
    hint: 'Use an engine on this machine (`docker context use default`, or unset DOCKER_HOST), or one at tcp://<address>; or leave --container out.',
  }),
  CONTAINER_IMAGE_MISSING: (image: string, output: string) => ({
    message: `The image ${image} is not here and cannot be pulled: ${output}`,
    hint: 'Check the name and the network; or load the image from a file (`docker load`), or name one that is here with --image (to run a function) or --container-image (to build one).',
  }),
  CONTAINER_IMAGE_FOREIGN: (image: string, expected: string, found: string) => ({
    message: `The image ${image} is for ${found}, and the function is for ${expected}.`,
    hint: `Pull the other one (\`docker pull --platform ${expected} ${image}\`), or name another with --image or --container-image, or choose the CPU with --arch.`,
  }),
  CONTAINER_OPTION_REFUSED: (engine: string, option: 'network' | 'cpus', output: string) => ({
    message: `${engine} does not take what "container.${option}" says: ${output}`,
    hint:
      option === 'network'
        ? `\`${engine} network ls\` shows the networks that there are; mend the name, or leave it out.`
        : "Lower it: it is more than the engine's machine has.",
  }),
  CONTAINER_FAILED: (engine: string, task: string, output: string) => ({
    message: `${engine} could not ${task}: ${output}`,
    hint: 'Its own log tells more; `docker run --rm hello-world` shows whether it works at all.',
  }),
} as const;
