import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import { parseTemplate } from '../../devices/zpl-printer/index.ts';
import type { ContentChecks } from '../config/load.ts';
import { checkYaml } from '../config/yaml-file.ts';
import type { ConfigProblem } from '../domain/config-problem.ts';
import { ConfigError } from '../domain/errors.ts';

/** A conveyor may be one PLC with decision points, or a module with zones: its interface file says which. */
const zoneNeeds = { device: 'zoneConveyor', fields: zoneFields, groups: {} } as const;
const needsOf = {
  'asrs-crane': { device: 'asrsCrane', fields: craneFields, groups: craneGroups },
  conveyor: { device: 'conveyor', fields: conveyorFields, groups: conveyorGroups },
} as const;

/** What a label is filled with at a decision point; all else has to be optional there. */
const givenAtPoints: readonly string[] = ['sscc', 'loadUnit'];
const tooMuch = (name: string) =>
  `needs {{${name}}}, and a decision point gives only ${givenAtPoints.join(' and ')}: write {{${name}?}}`;

/** Judges the files that a site names as their drivers will: what passes here, opens there. */
export const contentChecks: ContentChecks = {
  interfaceFile: (file, text, type) => {
    return checkYaml(file, text, InterfaceFile, (value) => {
      const isZones = type === 'conveyor' && value.meta.device === zoneNeeds.device;
      const { device, fields, groups } = isZones ? zoneNeeds : needsOf[type];
      if (value.meta.device === device) return interfaceProblems(value, fields, groups);
      const message = `must be ${device}: a device of type ${type} uses it`;
      return [{ path: ['meta', 'device'], message }];
    }).problems;
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
