import { readFileSync } from 'node:fs';
import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { readYaml } from '../../src/config/yaml-file.ts';

const textOf = (name: string) => readFileSync(`config/interfaces/${name}.yaml`, 'utf8');
export const craneText = textOf('crane-block-v1');
export const conveyorText = textOf('conveyor-point-v1');

export const readCraneInterface = (text = craneText): InterfaceFile =>
  readYaml('crane.yaml', text, InterfaceFile, (file) =>
    interfaceProblems(file, craneFields, craneGroups),
  );

export const readConveyorInterface = (text = conveyorText): InterfaceFile =>
  readYaml('conveyor.yaml', text, InterfaceFile, (file) =>
    interfaceProblems(file, conveyorFields, conveyorGroups),
  );
