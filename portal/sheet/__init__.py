"""明白纸: a service matter on a sheet of A4, to take along and tick off.

make       a matter -> what the sheet says (pure)       pages      sheet -> bands on pages of A4 (pure)
pdf        the sheet as a PDF                           page       the sheet as a page to print
codes      six digits that carry a sheet to a phone or a counter
handlers   /p/ and what stands below it                 `python -m portal.sheet ID -o out.pdf`
"""
