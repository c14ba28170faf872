import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { loadSite, sitePath } from '../config/load.ts';
import { type ConfigProblem, formatProblems } from '../domain/config-problem.ts';
import { contentChecks } from './content-checks.ts';
import { CommandFailure } from './failure.ts';

/**
 * Looks at site files and at all files that they name.
 *
 * @param sites  names or paths; none: every file in config/sites
 * @throws {CommandFailure} `notFound` when there is none there
 */
export function checkSites(sites: readonly string[]) {
  const paths = sites.length > 0 ? sites.map(sitePath) : allSites();
  const problems = unique(
    paths.flatMap((path) => loadSite(path, { checks: contentChecks }).problems),
  );
  return { paths, problems, lines: formatProblems(problems) };
}

function allSites(): string[] {
  const folder = join('config', 'sites');
  try {
    const files = readdirSync(folder).filter((file) => extname(file) === '.yaml');
    if (files.length > 0) return files.sort().map((file) => join(folder, file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  const advice = 'Name a site file, or change to the folder that holds config/sites.';
  throw new CommandFailure('notFound', `There is no site in ${folder}`, { advice });
}

/** Two sites may name the same interface file; its problems are told once, errors of all sites first. */
function unique(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const all = [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
  return all.sort((a, b) => Number(a.severity === 'warn') - Number(b.severity === 'warn'));
}
