"""Officers' doors to photographs and films: panel, one file, links of a minute. Imports media, emergencies, audit."""
