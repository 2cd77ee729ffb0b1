import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Engine, EngineName } from '../../../../src/container/types.ts';
import {
  type ContainerState,
  isOutOfMemory,
  startOf,
  toExit,
} from '../../../../src/lambda/sandbox/container/container-state.ts';

const stateOf = (overrides: Partial<ContainerState> = {}): ContainerState => ({
  Status: 'exited',
  Pid: 0,
  StartedAt: '2026-11-21T12:00:00.123456789Z',
  ExitCode: 0,
  OOMKilled: false,
  Error: '',
  ...overrides,
});

const RUNNING = stateOf({ Status: 'running', Pid: 7 });

test('how a container ended', () => {
  assert.equal(toExit(RUNNING, stateOf({ ExitCode: 3 }), ''), { kind: 'exit', code: 3, signal: null });
  assert.equal(toExit(RUNNING, stateOf({ ExitCode: 139 }), ''), {
    kind: 'exit',
    code: null,
    signal: 'SIGSEGV',
  });
  assert.equal(toExit(RUNNING, null, ''), { kind: 'exit', code: null, signal: 'SIGKILL' });
});

test('why a container did not start', () => {
  const created = stateOf({ Status: 'created', Error: 'no such file', StartedAt: '0001-01-01T00:00:00Z' });
  assert.equal(toExit(created, created, 'words'), { kind: 'not-started', reason: 'no such file' });
  assert.equal(toExit(null, null, 'words'), { kind: 'not-started', reason: 'words' });
  const foreign = toExit(null, stateOf({ ExitCode: 1 }), 'exec /bin/sh: exec format error');
  assert.ok(foreign.kind === 'not-started' && foreign.reason.includes('QEMU'));
  assert.is(startOf(created), null);
});

test('which engines tell that memory ran out', () => {
  const engine = (name: EngineName): Engine => ({
    ...{ name, place: { kind: 'here' }, rootless: false, env: {} },
    run: async () => '',
  });
  const killed = stateOf({ ExitCode: 137 });
  assert.equal(
    [
      isOutOfMemory(engine('docker'), stateOf({ OOMKilled: true })),
      isOutOfMemory(engine('docker'), killed),
      isOutOfMemory(engine('podman'), killed),
      isOutOfMemory(engine('podman'), stateOf()),
      isOutOfMemory(engine('podman'), null),
    ],
    [true, false, true, false, false],
  );
});

test.run();
