#!/usr/bin/env node
import { nodeProblem } from './node-version.ts';

// Everything else is loaded afterwards: an older Node would end in a stack trace of a missing feature.
const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { main } = await import('./program.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
