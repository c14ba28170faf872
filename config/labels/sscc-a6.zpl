^XA
^FX Logistic label with an SSCC, 105 x 148 mm at 203 dpi (8 dots per mm).
^FX Bar code lowest, module width 0.5 mm, 32 mm high, quiet zones of 13 mm.
^FX Source: GS1 General Specifications, 5.4.4 and 6.6.4.
^FX sample sscc=340123450000000017
^FX sample loadUnit=TOTE-0017
^FX sample site=demo
^FX sample date=2026-02-28
^FX sample reprint=REPRINT
^CI28
^PW840
^LL1184
^LH0,0

^FO60,60^A0N,28,28^FDSITE^FS
^FO60,96^A0N,56,56^FD{{site?}}^FS
^FO480,60^A0N,28,28^FDDATE^FS
^FO480,96^A0N,56,56^FD{{date?}}^FS
^FO60,190^GB720,4,4^FS

^FO60,220^A0N,28,28^FDLOAD UNIT^FS
^FO60,264^A0N,64,56^FD{{loadUnit?}}^FS
^FO60,370^GB720,4,4^FS

^FO60,400^A0N,28,28^FDSSCC^FS
^FO60,440^A0N,72,72^FD{{sscc}}^FS
^FO60,600^A0N,72,72^FD{{reprint?}}^FS

^FO108,840^BY4^BCN,256,N,N,N,D^FD(00){{sscc}}^FS
^FO60,1108^A0N,40,40^FB720,1,0,C^FD(00) {{sscc}}^FS
^XZ
