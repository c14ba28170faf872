^XA
^FX Logistic label with an SSCC, 105 x 148 mm at 300 dpi (12 dots per mm).
^FX Bar code lowest, module width 0.508 mm, 32 mm high, quiet zones of 13 mm.
^FX Source: GS1 General Specifications, 5.4.4 and 6.6.4.
^FX sample sscc=340123450000000017
^FX sample loadUnit=TOTE-0017
^FX sample site=demo
^FX sample date=2026-02-28
^FX sample reprint=REPRINT
^CI28
^PW1240
^LL1748
^LH0,0

^FO90,90^A0N,42,42^FDSITE^FS
^FO90,144^A0N,84,84^FD{{site?}}^FS
^FO708,90^A0N,42,42^FDDATE^FS
^FO708,144^A0N,84,84^FD{{date?}}^FS
^FO90,285^GB1060,6,6^FS

^FO90,330^A0N,42,42^FDLOAD UNIT^FS
^FO90,396^A0N,96,84^FD{{loadUnit?}}^FS
^FO90,555^GB1060,6,6^FS

^FO90,600^A0N,42,42^FDSSCC^FS
^FO90,660^A0N,108,108^FD{{sscc}}^FS
^FO90,900^A0N,108,108^FD{{reprint?}}^FS

^FO153,1240^BY6^BCN,378,N,N,N,D^FD(00){{sscc}}^FS
^FO90,1642^A0N,60,60^FB1060,1,0,C^FD(00) {{sscc}}^FS
^XZ
