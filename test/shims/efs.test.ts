import { test } from 'uvu';
import { addEfsNodeCases } from './efs-cases.ts';

addEfsNodeCases(process.execPath);

test.run();
