^XA
^FX Label of a storage location, 100 x 50 mm at 203 dpi (8 dots per mm).
^FX The check is two or more characters that a person reads out: it proves that they stand there.
^FX sample location=A01-L-001-03-1
^FX sample check=47
^CI28
^PW800
^LL400
^LH0,0

^FO40,40^A0N,84,72^FD{{location}}^FS
^FO620,40^A0N,28,28^FDCHECK^FS
^FO620,76^A0N,84,84^FD{{check}}^FS
^FO40,170^BY3^BCN,180,N,N,N,A^FD{{location}}^FS
^XZ
