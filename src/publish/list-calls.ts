import type { Delivery, PlannedCall, PublishPlan, PublishStep, Switch } from '../publish-types.ts';

/** The writing calls of a plan in their order, for `--dry-run`; sizes are bytes. */
export function listCalls(plan: PublishPlan): readonly PlannedCall[] {
  return plan.steps.flatMap(step => callsOf(step, plan));
}

/** A step in one phrase. */
export function describeStep(step: PublishStep, plan: PublishPlan): string {
  const [first] = callsOf(step, plan);
  return first ? `${first.call.split(':')[1]} ${first.target}` : step.kind;
}

function callsOf(step: PublishStep, { settings }: PublishPlan): readonly PlannedCall[] {
  const name = settings.functionName;
  switch (step.kind) {
    case 'create-role':
      return [call('iam:CreateRole', step.name), call('iam:PutRolePolicy', step.name)];
    case 'upload':
      return step.delivery.via.kind === 'bucket'
        ? [call('s3:PutObject', `s3://${step.delivery.via.bucket}/${step.delivery.via.key}`, step.delivery)]
        : [];
    case 'publish-layer':
      return [
        call('lambda:PublishLayerVersion', step.part.name, step.delivery, step.part.contents.join(', ')),
      ];
    case 'create-function':
      return [call('lambda:CreateFunction', name, step.delivery)];
    case 'switch':
      return switchCalls(step.switch, name);
    case 'tag':
      return [call('lambda:TagResource', name, null, Object.keys(step.tags).join(', ') || null)];
    case 'publish-version':
      return [call('lambda:PublishVersion', name)];
    case 'move-alias':
      return [
        call(
          step.isNew ? 'lambda:CreateAlias' : 'lambda:UpdateAlias',
          `${name}:${step.alias}`,
          null,
          weightOf(step.weight),
        ),
      ];
    case 'provision':
      return [
        call('lambda:PutProvisionedConcurrencyConfig', `${name}:${step.alias}`, null, String(step.count)),
      ];
    case 'url':
      return [
        call(step.isNew ? 'lambda:CreateFunctionUrlConfig' : 'lambda:UpdateFunctionUrlConfig', name),
        ...step.lacks.map(id => call('lambda:AddPermission', name, null, id)),
      ];
    case 'http-api':
      return [call('apigateway:CreateApi', name, null, step.missing.join(', '))];
    case 'delete-layer':
      return [call('lambda:DeleteLayerVersion', step.arn)];
  }
}

function switchCalls({ order, code, configuration, layers }: Switch, name: string): readonly PlannedCall[] {
  const changes = [...Object.keys(configuration), ...(layers ? ['layers'] : [])];
  const codeCalls = code ? [call('lambda:UpdateFunctionCode', name, code)] : [];
  const configurationCalls =
    changes.length > 0 ? [call('lambda:UpdateFunctionConfiguration', name, null, changes.join(', '))] : [];
  return order === 'code-first'
    ? [...codeCalls, ...configurationCalls]
    : [...configurationCalls, ...codeCalls];
}

function weightOf(weight: number | null): string | null {
  return weight === null ? null : `${weight}% of the calls`;
}

/** Through a bucket the call itself carries no archive. */
function call(
  name: string,
  target: string,
  delivery: Delivery | null = null,
  detail: string | null = null,
): PlannedCall {
  const carries = delivery !== null && (delivery.via.kind === 'direct' || name === 's3:PutObject');
  return { call: name, target, bytes: carries ? delivery.package.zippedBytes : null, detail };
}
