import { test } from 'uvu';
import { findPython } from '../../src/lambda/find-python.ts';
import { addEfsPythonCases } from './efs-python-cases.ts';

const options = { cwd: process.cwd(), signal: new AbortController().signal };
const found = await Promise.all(['3.11', '3.12', '3.13'].map(version => findPython(version, options)));
const python = found.find(path => path !== null);

if (python) addEfsPythonCases(python);

test.run();
