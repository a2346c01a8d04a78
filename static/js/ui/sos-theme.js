/* Day or night as the telephone has it, unless somebody chose; before anything is drawn, so not a module. */
document.documentElement.dataset.theme = /(?:^|; )theme=(dark|light)/.exec(document.cookie)?.[1] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
