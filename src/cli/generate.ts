import { readFileSync, writeFileSync } from 'node:fs';
import { siteJsonSchema } from '../config/site-json-schema.ts';

/**
 * Files that follow from the code, by path. `--check` writes nothing and fails when one is stale; the
 * formatter may have laid it out otherwise.
 */
const generated: Readonly<Record<string, () => string>> = {
  'config/site.schema.json': siteJsonSchema,
};

const isCheck = process.argv.includes('--check');
for (const [path, make] of Object.entries(generated)) {
  if (isCheck && plain(readFileSync(path, 'utf8')) !== plain(make())) {
    process.exitCode = 1;
    process.stderr.write(`${path} is stale: npm run generate\n`);
  }
  if (!isCheck) writeFileSync(path, make());
}

function plain(json: string): string {
  return JSON.stringify(JSON.parse(json));
}
