import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { readYaml } from '../config/yaml-file.ts';
import { CommandFailure } from './failure.ts';

/**
 * An interface file, read and checked.
 *
 * @param nameOrPath  `crane-block-v1` is config/interfaces/crane-block-v1.yaml
 * @throws {CommandFailure} `notFound`
 * @throws {ConfigError} with every problem of the file
 */
export function readInterface(nameOrPath: string): InterfaceFile {
  const path = nameOrPath.endsWith('.yaml')
    ? nameOrPath
    : join('config', 'interfaces', `${nameOrPath}.yaml`);
  if (!existsSync(path)) {
    const advice = 'Name a file of config/interfaces, or give the path of a .yaml file.';
    throw new CommandFailure('notFound', `There is no interface ${path}`, { advice });
  }
  return readYaml(path, readFileSync(path, 'utf8'), InterfaceFile, (file) =>
    interfaceProblems(file),
  );
}
