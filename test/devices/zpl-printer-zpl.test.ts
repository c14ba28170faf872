import { expect, test } from 'vitest';
import { checkLabel } from '../../devices/zpl-printer/zpl.ts';
import { ValueError } from '../../src/domain/errors.ts';

test.each([
  ['two labels', '^XA^XZ^XA^XZ'],
  ['no end', '^XA^FDx^FS'],
  ['something before', '~JA^XA^XZ'],
  ['something after', '^XA^XZ~JR'],
  ['a command that is not on the list', '^XA^JUF^XZ'],
  ['a command at once', '^XA^FDx~JA^FS^XZ'],
  ['another escape sign', '^XA^FH#^FDx^FS^XZ'],
  ['raw bytes', '^XA^FDü^FS^XZ'],
  ['too much', `^XA${'^FS'.repeat(30_000)}^XZ`],
])('a label with %s is not sent', (_, zpl) => {
  expect(() => checkLabel(zpl)).toThrow(ValueError);
});
