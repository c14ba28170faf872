^XA
^FX What is in a load unit, 105 x 148 mm at 203 dpi (8 dots per mm).
^FX Two GS1-128 symbols of 0.5 mm modules, for one would be wider than the label: the element of
^FX open length is the last one. The QR code is a GS1 Digital Link, the Data Matrix all in one.
^FX Texts of any length stand in rows without bar codes: they may run to the edge.
^FX expiry is YYMMDD, day 00 for the end of the month.
^FX sample sku=MILK-1L
^FX sample gtin=09506000134352
^FX sample lot=L7-2026
^FX sample expiry=260228
^FX sample quantity=24
^FX sample loadUnit=TOTE-0017
^FX sample reprint=REPRINT
^CI28
^PW840
^LL1184
^LH0,0

^FO60,50^A0N,28,28^FDARTICLE^FS
^FO480,44^A0N,40,40^FD{{reprint?}}^FS
^FO60,86^A0N,64,56^FD{{sku}}^FS
^FO60,166^A0N,28,28^FDLOAD UNIT^FS
^FO60,202^A0N,56,50^FD{{loadUnit?}}^FS
^FO480,166^A0N,28,28^FDQUANTITY^FS
^FO480,202^A0N,56,50^FD{{quantity?}}^FS
^FO60,276^GB720,4,4^FS

^FO60,300^A0N,28,28^FDBATCH/LOT^FS
^FO60,336^A0N,48,44^FD{{lot}}^FS
^FO60,404^A0N,28,28^FDUSE BY (YYMMDD)^FS
^FO60,440^A0N,48,44^FD{{expiry}}^FS

^FO540,300^BQN,2,5^FDMA,https://id.gs1.org/01/{{gtin}}/10/{{lot}}?17={{expiry}}^FS
^FO380,420^BXN,5,200,,,,_^FD_101{{gtin}}17{{expiry}}10{{lot}}^FS

^FO60,600^BY4^BCN,200,N,N,N,D^FD(01){{gtin}}(17){{expiry}}^FS
^FO60,812^A0N,36,36^FB720,1,0,C^FD(01) {{gtin}} (17) {{expiry}}^FS
^FO60,880^BY4^BCN,200,N,N,N,D^FD(10){{lot}}^FS
^FO60,1092^A0N,36,36^FB720,1,0,C^FD(10) {{lot}}^FS
^XZ
