import { test } from 'uvu';
import { PYTHON } from '../helpers/python-artifact.ts';
import { addPythonCases } from './rest-python-cases.ts';

if (PYTHON !== '') addPythonCases(PYTHON);

test.run();
