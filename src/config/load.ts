import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { ConfigProblem } from '../domain/config-problem.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Reactions } from '../domain/reactions.ts';
import type { Site } from '../domain/site.ts';
import { didYouMean, unknownName } from './did-you-mean.ts';
import { checkSite } from './read-site.ts';
import { reactionRule } from './site-reaction-rules.ts';
import { rule, type SiteRule } from './site-rules.ts';
import type { Finding } from './yaml-file.ts';

/** Where the files are looked for that a site file names, in this order. */
export interface SiteFolders {
  readonly interfaces: readonly string[];
  readonly labels: readonly string[];
}

/** The judges of the files that a site names, given by who knows drivers and templates. */
export interface ContentChecks {
  /** @param type  of the device that uses the file */
  readonly interfaceFile?: (
    file: string,
    text: string,
    type: 'asrs-crane' | 'conveyor',
  ) => readonly ConfigProblem[];
  readonly labelTemplate?: (file: string, text: string) => readonly ConfigProblem[];
  /** The reactions in the interface file of a crane; undefined where it has problems. */
  readonly reactions?: (text: string) => Reactions | undefined;
}

export interface LoadedSite {
  /** There when no problem is an error. */
  readonly site?: Site;
  /** Of all files, errors first. */
  readonly problems: readonly ConfigProblem[];
  /** Paths of the interface files that the site names, by name. */
  readonly interfaces: ReadonlyMap<string, string>;
  /** Paths of the label templates that the site names, by name. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * Reads a site and looks at every file that it names. All problems of all of them at once.
 *
 * @param path     of the site file
 * @param options  folders to search instead of `../interfaces` and `../labels` beside the site's folder
 */
export function loadSite(
  path: string,
  options: { readonly folders?: SiteFolders; readonly checks?: ContentChecks } = {},
): LoadedSite {
  const folders = options.folders ?? foldersBeside(path);
  const files = { interfaces: new Map<string, string>(), labels: new Map<string, string>() };
  const file = shown(path);
  const text = readText(path);
  if (text === undefined) return { ...files, problems: [missingSite(path)] };

  const content: ConfigProblem[] = [];
  const checked = checkSite(file, text, [
    interfaceRule(folders, files.interfaces, content, options.checks?.interfaceFile),
    labelRule(folders, files.labels, content, options.checks?.labelTemplate),
    reactionRule((name) => {
      const found = find(folders.interfaces, name, '.yaml');
      return found === undefined ? undefined : options.checks?.reactions?.(read(found));
    }),
  ]);
  const problems = [...checked.problems, ...content].sort(
    (a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'),
  );
  const isUsable = !problems.some(({ severity }) => severity === 'error');
  return isUsable && checked.site !== undefined
    ? { ...files, site: checked.site, problems }
    : { ...files, problems };
}

/**
 * The same for who can only go on with a site.
 *
 * @throws {ConfigError} with every problem; warnings alone do not throw
 */
export function requireSite(loaded: LoadedSite, path: string): Site {
  if (loaded.site === undefined) throw new ConfigError(shown(path), loaded.problems);
  return loaded.site;
}

/** `demo` is `config/sites/demo.yaml`; what looks like a path is one. */
export const sitePath = (nameOrPath: string): string =>
  /[/\\]|\.ya?ml$/.test(nameOrPath) ? nameOrPath : join('config', 'sites', `${nameOrPath}.yaml`);

function foldersBeside(path: string): SiteFolders {
  const config = resolve(dirname(path), '..');
  return { interfaces: [join(config, 'interfaces')], labels: [join(config, 'labels')] };
}

type Names = Map<string, string>;

const interfaceRule = (
  { interfaces }: SiteFolders,
  found: Names,
  content: ConfigProblem[],
  check: ContentChecks['interfaceFile'],
): SiteRule =>
  rule(['devices'], ({ devices }) => {
    const checked = new Set<string>();
    return devices.flatMap((device, i): Finding[] => {
      if (device.type !== 'asrs-crane' && device.type !== 'conveyor') return [];
      const { interface: name } = device.settings;
      const path = ['devices', i, 'settings', 'interface'];
      const file = find(interfaces, name, '.yaml');
      if (file === undefined) return [missing('interface file', name, interfaces, '.yaml', path)];
      found.set(name, file);
      const key = `${device.type} ${name}`;
      if (!checked.has(key)) content.push(...(check?.(shown(file), read(file), device.type) ?? []));
      checked.add(key);
      return [];
    });
  });

const labelRule = (
  { labels }: SiteFolders,
  found: Names,
  content: ConfigProblem[],
  check: ContentChecks['labelTemplate'],
): SiteRule =>
  rule(['points', 'stations', 'labels'], ({ points, stations, labels: more }) =>
    [
      ...points.map(({ labelTemplate }, i) => named(labelTemplate, 'points', i, 'labelTemplate')),
      ...stations.map(({ labelTemplate }, i) =>
        named(labelTemplate, 'stations', i, 'labelTemplate'),
      ),
      ...more.map((name, i) => named(name, 'labels', i)),
    ].flatMap(({ name, path }): Finding[] => {
      if (name === undefined) return [];
      const file = find(labels, name, '.zpl');
      if (file === undefined) return [missing('label template', name, labels, '.zpl', path)];
      if (!found.has(name)) content.push(...(check?.(shown(file), read(file)) ?? []));
      found.set(name, file);
      return [];
    }),
  );

const named = (name: string | undefined, ...path: Finding['path']) => ({ name, path });

function missing(
  what: string,
  name: string,
  folders: readonly string[],
  ending: string,
  path: Finding['path'],
): Finding {
  const known = folders.flatMap((folder) => namesIn(folder, ending));
  const searched = folders.map((folder) => shown(join(folder, `${name}${ending}`))).join(', ');
  return { path, message: `${unknownName(what, name, known)} (looked for ${searched})` };
}

const find = (folders: readonly string[], name: string, ending: string): string | undefined =>
  folders.map((folder) => join(folder, `${name}${ending}`)).find((file) => existsSync(file));

const namesIn = (folder: string, ending: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => extname(file) === ending)
        .map((file) => basename(file, ending))
    : [];

const read = (file: string): string => readFileSync(file, 'utf8');

function readText(path: string): string | undefined {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function missingSite(path: string): ConfigProblem {
  const known = namesIn(dirname(path), '.yaml');
  const suggestion = didYouMean(basename(path, '.yaml'), known);
  const list = known.length > 0 ? `; there are: ${known.join(', ')}` : '';
  const message = `cannot be read${suggestion || list}`;
  return { file: shown(path), line: 0, column: 0, severity: 'error', path: '', message };
}

/** As a person in this folder would type it. */
function shown(path: string): string {
  const short = relative('', path);
  return short.startsWith('..') ? path : short;
}
