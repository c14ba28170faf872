const majorMin = 24;

/** A line for whoever started Craneway with a Node that cannot run it; undefined when it can. */
export function nodeProblem(version: string): string | undefined {
  const major = Number(version.split('.')[0]);
  if (major >= majorMin) return undefined;
  return `Craneway needs Node ${majorMin} or newer, and this is ${version}: start it with npm start or npx craneway`;
}
