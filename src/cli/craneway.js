#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old for the rest still says so in one line.
const [major] = process.versions.node.split('.');
if (Number(major) >= 24) {
  await import('./craneway.ts');
} else {
  const advice = 'start it with npm start or npm run craneway';
  process.stderr.write(
    `Craneway needs Node 24 or newer, and this is ${process.version}: ${advice}\n`,
  );
  process.exitCode = 1;
}
