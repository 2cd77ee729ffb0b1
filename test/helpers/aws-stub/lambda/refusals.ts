import { Refusal } from '../types.ts';

/** What the stub demands without knowing AWS's own words starts with `[stub]`. */
export const invalid = (message: string): Refusal =>
  new Refusal(400, 'InvalidParameterValueException', message);

export const notFound = (message: string): Refusal => new Refusal(404, 'ResourceNotFoundException', message);

export const noResource = (): Refusal => notFound('The resource you requested does not exist.');

export const conflict = (message: string): Refusal => new Refusal(409, 'ResourceConflictException', message);

/** A member that breaks a constraint of the service model. */
export const unsatisfied = (value: unknown, member: string, constraint: string): Refusal =>
  new Refusal(
    400,
    'ValidationException',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${constraint}`,
  );

export const staleRevision = (operation = 'GetFunction/GetAlias'): Refusal =>
  new Refusal(
    412,
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${operation} API to retrieve the latest Revision Id`,
  );
