import { readMembers } from '../lambda/members.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { answerPage, badRequest, findApi, gone, taken } from './find-api.ts';
import type { Stage } from './state.ts';

export function createStage(call: Call, state: AccountState): Reply {
  const { stages } = findApi(call, state);
  const members = readMembers(call.body, ['stageName', 'autoDeploy']);
  const stageName = String(members.stageName ?? '');
  if (!/^(\$default|[\w-]{1,128})$/.test(stageName)) throw badRequest('[stub] a stage needs a name');
  if (stages.has(stageName)) throw taken(`Stage with name ${stageName} already exists for this API`);
  const made: Stage = { stageName, autoDeploy: members.autoDeploy === true };
  stages.set(stageName, made);
  return json(201, made);
}

export function updateStage(call: Call, state: AccountState): Reply {
  const { stages } = findApi(call, state);
  const after: Stage = { ...findStage(call, state), ...readMembers(call.body, ['autoDeploy']) };
  stages.set(after.stageName, after);
  return json(200, after);
}

export function getStage(call: Call, state: AccountState): Reply {
  return json(200, findStage(call, state));
}

export function getStages(call: Call, state: AccountState): Reply {
  return answerPage([...findApi(call, state).stages.values()], call, state);
}

function findStage(call: Call, state: AccountState): Stage {
  const stage = findApi(call, state).stages.get(call.params.StageName ?? '');
  if (!stage) throw gone('Invalid stage identifier specified');
  return stage;
}
