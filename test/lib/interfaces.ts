import { readFileSync } from 'node:fs';
import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { needsOf as startBitNeeds } from '../../devices/start-bit-crane/fields.ts';
import { readYaml } from '../../src/config/yaml-file.ts';
import type { AbortReaction, Reactions } from '../../src/domain/reactions.ts';

const textOf = (name: string) => readFileSync(`config/interfaces/${name}.yaml`, 'utf8');
export const craneText = textOf('crane-block-v1');
export const startBitText = textOf('crane-start-bit-v1');
export const conveyorText = textOf('conveyor-point-v1');

export const readCraneInterface = (text = craneText): InterfaceFile =>
  readYaml('crane.yaml', text, InterfaceFile, (file) =>
    interfaceProblems(file, craneFields, craneGroups),
  );

const { rejects = [], aborts = [] } = readCraneInterface();
/** What follows from each way a mission of the crane may end, as its file says. */
export const craneReactions: Reactions = {
  rejects: new Map(rejects.map((row) => [row.name, row as never])),
  aborts: new Map(
    aborts.map((row) => [
      row.name,
      { retries: 0, otherwise: 'hold', ...row } as unknown as AbortReaction,
    ]),
  ),
};

export const readConveyorInterface = (text = conveyorText): InterfaceFile =>
  readYaml('conveyor.yaml', text, InterfaceFile, (file) =>
    interfaceProblems(file, conveyorFields, conveyorGroups),
  );

export const readStartBitInterface = (text = startBitText): InterfaceFile =>
  readYaml('start-bit.yaml', text, InterfaceFile, (file) =>
    interfaceProblems(file, startBitNeeds(file)),
  );

/** The file of a start-bit crane with other times, by name. */
export const withTimes = (times: Readonly<Record<string, number>>, text = startBitText): string =>
  Object.entries(times).reduce((changed, [name, value]) => {
    const row = new RegExp(`(name: ${name},\\s+default: )\\d+`);
    if (!row.test(changed)) throw new Error(`the file has no time ${name}`);
    return changed.replace(row, `$1${value}`);
  }, text);

/** The file of a PLC that counts the commands that it has taken. */
export const countingText: string = [
  ['length: 10', 'length: 11'],
  ['length: 7', 'length: 8'],
  [
    'doc: "Depth, 1 at the aisle." }\n\n  - name: status',
    'doc: "Depth, 1 at the aisle." }\n      - { name: seq, offset: 10, type: u16, doc: Number of the command. }\n\n  - name: status',
  ],
  [
    'doc: Position of the carriage. }',
    'doc: Position of the carriage. }\n      - { name: seqAnswered, offset: 7, type: u16, doc: Number taken last. }',
  ],
].reduce((text, [from = '', to = '']) => {
  if (!text.includes(from)) throw new Error(`the file has no ${from}`);
  return text.replace(from, to);
}, startBitText);
