import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { type GroupNeeds, InterfaceFile, type Needs } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { needsOf as startBitNeeds } from '../../devices/start-bit-crane/fields.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import { parseTemplate } from '../../devices/zpl-printer/index.ts';
import type { ContentChecks } from '../config/load.ts';
import { checkYaml } from '../config/yaml-file.ts';
import type { ConfigProblem } from '../domain/config-problem.ts';
import { ConfigError } from '../domain/errors.ts';
import { type ReactionRows, readReactions } from '../domain/reactions.ts';

/**
 * What each driver needs. A type of device may have two: a crane with or without numbers, a conveyor PLC
 * or a module with zones; the interface file says which it is, the first one is meant where it says neither.
 */
const drivers = {
  'asrs-crane': {
    asrsCrane: () => ({ fields: craneFields, groups: craneGroups }),
    startBitCrane: (file) => ({ fields: startBitNeeds(file), groups: {} }),
  },
  conveyor: {
    conveyor: () => ({ fields: conveyorFields, groups: conveyorGroups }),
    zoneConveyor: () => ({ fields: zoneFields, groups: {} }),
  },
} as const satisfies Record<'asrs-crane' | 'conveyor', Record<string, NeedsOf>>;

type NeedsOf = (file: InterfaceFile) => { readonly fields: Needs; readonly groups: GroupNeeds };

/** What the integrator has to know before the first start. */
const noNumbers = {
  path: ['meta', 'device'],
  message:
    'this PLC knows no claim and no number: nobody but this controller may write to it, and a person has to release its crane after each start of Craneway, loss of its link and turn of its mode switch',
  severity: 'warn',
} as const;

/** What a label is filled with at a decision point; all else has to be optional there. */
const givenAtPoints: readonly string[] = ['sscc', 'loadUnit'];
const tooMuch = (name: string) =>
  `needs {{${name}}}, and a decision point gives only ${givenAtPoints.join(' and ')}: write {{${name}?}}`;

/** Judges the files that a site names as their drivers will: what passes here, opens there. */
export const contentChecks: ContentChecks = {
  interfaceFile: (file, text, type) => {
    return checkYaml(file, text, InterfaceFile, (value) => {
      const known: Readonly<Record<string, NeedsOf>> = drivers[type];
      const needs = known[value.meta.device]?.(value);
      if (needs !== undefined) {
        const found = interfaceProblems(value, needs.fields, needs.groups);
        return value.meta.device === 'startBitCrane' ? [...found, noNumbers] : found;
      }
      const message = `must be ${Object.keys(known)[0]}: a device of type ${type} uses it`;
      return [{ path: ['meta', 'device'], message }];
    }).problems;
  },
  reactions: (text) => {
    const { value } = checkYaml('interface', text, InterfaceFile);
    return value === undefined ? undefined : readReactions(value as ReactionRows);
  },
  labelTemplate: (file, text) => {
    try {
      const { needs } = parseTemplate(text, file);
      const lacking = needs.filter((name) => !givenAtPoints.includes(name));
      return lacking.length === 0 ? [] : new ConfigError(file, lacking.map(tooMuch)).problems;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(placed);
    }
  },
};

/** A label template has no keys: its problems are sentences that begin with their line. */
function placed(problem: ConfigProblem): ConfigProblem {
  const start = `${problem.file}:`;
  if (!problem.message.startsWith(start)) return problem;
  const [line = '', ...words] = problem.message.slice(start.length).split(' ');
  return { ...problem, line: Number(line), column: 1, message: words.join(' ') };
}
