/** Plain pages, in both themes, for what is not the web app's: the reference. */

export const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)

export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #333); --soft: light-dark(#f5f6f8, #1d1f23); --accent: light-dark(#0b5fa5, #7db8ee) }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem; color: light-dark(#1b1d21, #e6e7ea); background: light-dark(#fff, #121316) }
a { color: var(--accent) } h1 { margin: 0 0 .25rem } h2 { margin: 2.5rem 0 .5rem; text-transform: capitalize }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; overflow: hidden }
summary { padding: .6rem .8rem; cursor: pointer; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline }
summary:hover { background: var(--soft) } details > div { padding: 0 .8rem .8rem }
code, pre { font: .875rem/1.5 ui-monospace, monospace } pre { background: var(--soft); padding: .75rem; border-radius: .4rem; overflow-x: auto }
.method { font-weight: 700; min-width: 4rem; color: var(--accent) } .what { flex: 1 1 16rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

/** @param script  address of a script of ours; the content policy allows none inside the page */
export const page = (title: string, body: string, script?: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/style.css">
${script === undefined ? '' : `<script src="${script}" defer></script>`}
</head>
<body><main>${body}</main></body>
</html>
`
