"""One report through two doors, web and SMS line, is one record; reads the line. May import reporting and below."""
