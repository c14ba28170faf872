import { readFileSync, writeFileSync } from 'node:fs';
import { craneStub } from '../../devices/asrs-crane/stub.ts';
import { conveyorStub } from '../../devices/conveyor/stub.ts';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { registerTable } from '../../devices/lib/register-table.ts';
import { editorSchema, siteJsonSchema } from '../config/site-json-schema.ts';
import { readInterface } from './interface-files.ts';

const ofInterface =
  (name: string, make: (file: ReturnType<typeof readInterface>) => string) => () =>
    make(readInterface(`config/interfaces/${name}.yaml`));

/** Files that follow from the code and from the interface files, by path. `--check` writes nothing and fails when one is stale. */
const generated: Readonly<Record<string, () => string>> = {
  'config/site.schema.json': siteJsonSchema,
  'config/interface.schema.json': () =>
    editorSchema('Craneway PLC interface', 'devices/lib/interface-file.ts', InterfaceFile),
  'config/interfaces/crane-block-v1.md': ofInterface('crane-block-v1', registerTable),
  'config/interfaces/crane-block-v1.st': ofInterface('crane-block-v1', craneStub),
  'config/interfaces/crane-start-bit-v1.md': ofInterface('crane-start-bit-v1', registerTable),
  'config/interfaces/conveyor-point-v1.md': ofInterface('conveyor-point-v1', registerTable),
  'config/interfaces/conveyor-point-v1.st': ofInterface('conveyor-point-v1', conveyorStub),
};

const isCheck = process.argv.includes('--check');
for (const [path, make] of Object.entries(generated)) {
  if (isCheck && plain(path, readFileSync(path, 'utf8')) !== plain(path, make())) {
    process.exitCode = 1;
    process.stderr.write(`${path} is stale: npm run generate\n`);
  }
  if (!isCheck) writeFileSync(path, make());
}

/** The formatter may have laid out JSON otherwise. */
function plain(path: string, text: string): string {
  return path.endsWith('.json') ? JSON.stringify(JSON.parse(text)) : text;
}
