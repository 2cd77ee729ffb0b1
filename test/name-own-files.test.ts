import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nameOwnFiles } from '../src/name-own-files.ts';
import { withProject } from './helpers/project.ts';
import { pythonPlatform } from './helpers/python-project.ts';

const blame = (setting: string, add: readonly string[]) =>
  ({
    code: 'VERIFY_BLAME',
    level: 'error',
    rule: 'collect/untraced',
    why: 'no code that was traced reads it',
    paths: add,
    count: add.length,
    isMinimal: true,
    mend: { setting, add },
  }) as const;

test('what is to be included is named from the root of the function, as the config names it', () =>
  withProject(
    {
      'src/app/main.py': 'from app import x',
      'src/app/x.py': '',
      'src/app/plugins/one.py': '',
      'data/a.csv': '',
    },
    async root => {
      const fn = { root, entry: join(root, 'src/app/main.py'), platform: pythonPlatform() };
      const name = async (setting: string, add: readonly string[]) =>
        (await nameOwnFiles([blame(setting, add)], fn)).map(({ mend }) => mend.add);
      assert.equal(await name('include', ['app/plugins/one.py', 'app/plugins/**', 'data/a.csv']), [
        ['src/app/plugins/one.py', 'src/app/plugins/**', 'data/a.csv'],
      ]);
      assert.equal(await name('keep', ['app/x.py']), [['app/x.py']]);
    },
  ));

test.run();
