import { readdirSync, readFileSync } from 'node:fs';
import { type LabelTemplate, parseTemplate } from '../../devices/zpl-printer/index.ts';

const folder = 'config/labels';

/** Every label template that is shipped. */
export const shippedTemplates: readonly LabelTemplate[] = readdirSync(folder).map((file) =>
  parseTemplate(readFileSync(`${folder}/${file}`, 'utf8'), file),
);

/** One label with a field of each kind that there is. */
export const everyKind = parseTemplate(
  `^XA^CI28^PW4000^LL4000
   ^FX sample a=plain
   ^FX sample code=plain
   ^FX sample sscc=34012345000000001
   ^FO1,1^A0N,30,30^FDText {{a}} and {{a?}}^FS
   ^FO1,50^A0N,30,30^FB300,2,0,C^FDBlock {{a}}^FS
   ^FO1,100^BXN,4,200,,,,_^FD{{a}}^FS
   ^FO1,700^BXN,4,200,,,,_^FD_1010950600013435222{{code}}^FS
   ^FO1,1100^BQN,2,4^FDMA,{{a}}^FS
   ^FO1,1900^BQN,2,4^FDMA,https://example.com/x/{{a}}?{{a}}={{a}}^FS
   ^FO1,2700^BY1^BCN,100,N,N,N,A^FD{{code}}^FS
   ^FO1,2900^BCR,100,N,N,N,D^FD(01)09506000134352(240){{code}}>8(99){{code}}^FS
   ^FO1,3100^BCN,100,N,N,N,U^FD{{sscc}}^FS
   ^XZ`,
  'every-kind.zpl',
);
