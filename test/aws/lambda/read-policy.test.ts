import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPolicy } from '../../../src/aws/lambda/read-policy.ts';

const RESOURCE = 'arn:aws:lambda:eu-west-1:123456789012:function:classify';
const API = 'arn:aws:execute-api:eu-west-1:123456789012:abc/*/*';

const URL_STATEMENT = {
  Sid: 'url',
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Resource: RESOURCE,
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
};
const VIA_URL_STATEMENT = {
  ...URL_STATEMENT,
  Sid: 'via',
  Action: 'lambda:InvokeFunction',
  Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
};
const API_STATEMENT = {
  ...URL_STATEMENT,
  Sid: 'api',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Condition: { ArnLike: { 'AWS:SourceArn': API } },
};

const read = (...statements: readonly object[]) =>
  readPolicy(JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }));

test('statements of URLs and of API Gateway', () => {
  const none = { sourceArn: null, urlAuth: null, viaUrl: false };
  assert.equal(read(URL_STATEMENT, VIA_URL_STATEMENT, API_STATEMENT), [
    { id: 'url', action: 'lambda:InvokeFunctionUrl', principal: '*', ...none, urlAuth: 'none' },
    { id: 'via', action: 'lambda:InvokeFunction', principal: '*', ...none, viaUrl: true },
    {
      id: 'api',
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      ...none,
      sourceArn: API,
    },
  ]);
});

test('a principal that is everybody is written in two ways', () => {
  assert.is(read({ ...URL_STATEMENT, Principal: { AWS: '*' } })[0]?.principal, '*');
});

test('what allows less, more or something else is not taken for it', () => {
  const others = [
    { ...URL_STATEMENT, Effect: 'Deny' },
    { ...URL_STATEMENT, Action: 'lambda:*' },
    { ...URL_STATEMENT, Action: ['lambda:InvokeFunctionUrl'] },
    { ...URL_STATEMENT, Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } } },
    { ...URL_STATEMENT, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
    { ...VIA_URL_STATEMENT, Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'false' } } },
    {
      ...API_STATEMENT,
      Condition: { ...API_STATEMENT.Condition, StringEquals: { 'AWS:SourceAccount': '123456789012' } },
    },
    { ...API_STATEMENT, Principal: { Service: ['a.amazonaws.com', 'b.amazonaws.com'] } },
    { ...API_STATEMENT, Principal: { Service: 'a.amazonaws.com', AWS: '123456789012' } },
    { ...API_STATEMENT, Principal: undefined },
  ];
  assert.equal(read(...others), []);
});

test('an empty policy', () => assert.equal(readPolicy('{}'), []));

test.run();
