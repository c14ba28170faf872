import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Type, { type Static } from 'typebox';
import type { FaultBoard } from '../../simulators/fault-board.ts';
import { playScenario, type Scenario, type ScenarioStep } from '../../simulators/scenario.ts';
import { unknownName } from '../config/did-you-mean.ts';
import { closed } from '../config/schema-parts.ts';
import { type Finding, readYaml } from '../config/yaml-file.ts';
import { ConfigError } from '../domain/errors.ts';
import { machineClock } from '../machine/clock.ts';

const folder = new URL('../../simulators/scenarios/', import.meta.url).pathname;
const secondsMax = 86_400;

const Step = closed({
  atS: Type.Number({
    minimum: 0,
    maximum: secondsMax,
    description: 'Real seconds since the work has begun.',
  }),
  device: Type.String({
    minLength: 1,
    description: 'Device of the site; wms, broker in the demo.',
  }),
  fault: Type.String({ minLength: 1, description: 'See craneway sim faults.' }),
  on: Type.Boolean({ default: true, description: 'false ends it.' }),
  forS: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: 3_600, description: 'It ends by itself after.' }),
  ),
  with: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), { description: 'Parameters of the fault.' }),
  ),
});

const ScenarioFile = closed({
  doc: Type.String({ minLength: 1, description: 'What goes wrong, in a sentence.' }),
  steps: Type.Array(Step, { minItems: 1, maxItems: 1_000 }),
});
type ScenarioFile = Static<typeof ScenarioFile>;

/** Those that come with Craneway, by name. */
export const scenarioNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();

/**
 * @param nameOrPath  `jam` is simulators/scenarios/jam.yaml; what looks like a path is one
 * @param board       with every device that the scenario may name
 * @throws {ConfigError} with every problem of the file, each with its line and column
 */
export function readScenario(nameOrPath: string, board: FaultBoard): Scenario {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath);
  const path = isPath ? nameOrPath : join(folder, `${nameOrPath}.yaml`);
  const shown = isPath ? nameOrPath : `simulators/scenarios/${nameOrPath}.yaml`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    const what = isPath ? 'cannot be read' : unknownName('scenario', nameOrPath, scenarioNames());
    throw new ConfigError(shown, [what]);
  }
  return readYaml(shown, text, ScenarioFile, ({ steps }) => steps.flatMap(problems(board)));
}

const problems =
  (board: FaultBoard) =>
  (step: ScenarioFile['steps'][number], at: number): Finding[] => {
    const { device, fault, on, forS, with: values } = step;
    const found = board.problemOf(device, fault, {
      forMs: forS === undefined ? undefined : forS * 1_000,
      ...(values !== undefined && { values }),
    });
    if (found !== undefined) return [{ path: ['steps', at, found.key], message: found.message }];
    if (on || forS === undefined) return [];
    return [{ path: ['steps', at, 'forS'], message: 'What is switched off has no duration' }];
  };

/**
 * Lets things go wrong from now on, and tells of each.
 *
 * @returns ends it, with everything that it has switched on
 */
export const startScenario = (
  scenario: Scenario,
  board: FaultBoard,
  talk: (line: string) => void,
): (() => void) =>
  playScenario(scenario, board, machineClock, (step) => talk(`          ! ${stepText(step)}`));

function stepText({ device, fault, on, forS, with: values = {} }: ScenarioStep): string {
  const how = Object.entries(values).map(([name, value]) => ` ${name} ${value}`);
  const time = forS === undefined ? '' : ` for ${forS} s`;
  return `${device} ${fault}${how.join('')} ${on ? `on${time}` : 'off'}`;
}
