import { test } from 'uvu';
import { addNodeCases } from './rest-cases.ts';

addNodeCases(process.execPath);

test.run();
