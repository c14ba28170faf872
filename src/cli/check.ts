import type { Command } from 'commander';
import { exitCodes } from './failure.ts';
import { common, print, say } from './output.ts';

export function register(program: Command): void {
  program
    .command('check [sites...]')
    .description('find every problem of site files and of all files that they name')
    .option('--strict', 'warnings count too')
    .addHelpText(
      'after',
      '\nWithout a site: every file in config/sites. A name means config/sites/<name>.yaml.',
    )
    .action(async (sites: string[], { strict = false }: { strict?: boolean }, command: Command) => {
      const options = common(command);
      // Schemas and drivers take longer to load than any other verb takes to run.
      const { checkSites } = await import('./check-sites.ts');
      const { paths, problems, lines } = checkSites(sites);
      if (options.json === true) print(JSON.stringify(problems, undefined, 2));
      else for (const line of lines) print(line);
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      const warnings = problems.length - errors;
      say(options, `${paths.join(', ')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`);
      if (errors > 0) process.exitCode = exitCodes.configInvalid;
      else if (strict && warnings > 0) process.exitCode = exitCodes.findings;
    });
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
