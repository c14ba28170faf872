import { readFileSync } from 'node:fs';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { type LabelTemplate, parseTemplate } from '../../devices/zpl-printer/index.ts';
import { loadSite, requireSite, sitePath } from '../config/load.ts';
import { readYaml } from '../config/yaml-file.ts';
import type { Site } from '../domain/site.ts';
import { contentChecks } from './content-checks.ts';

/** A site and the files that it names, read and checked. */
export interface SiteFiles {
  readonly site: Site;
  readonly interfaces: ReadonlyMap<string, InterfaceFile>;
  readonly templates: ReadonlyMap<string, LabelTemplate>;
}

/**
 * @param nameOrPath  `demo` is config/sites/demo.yaml
 * @throws {ConfigError} with every problem of all files
 */
export function readSiteFiles(nameOrPath: string): SiteFiles {
  const path = sitePath(nameOrPath);
  const loaded = loadSite(path, { checks: contentChecks });
  const site = requireSite(loaded, path);
  const text = (file: string) => readFileSync(file, 'utf8');
  return {
    site,
    interfaces: mapValues(loaded.interfaces, (file) =>
      readYaml(file, text(file), InterfaceFile, () => []),
    ),
    templates: mapValues(loaded.labels, (file) => parseTemplate(text(file), file)),
  };
}

const mapValues = <A, B>(map: ReadonlyMap<string, A>, of: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, of(value)]));
