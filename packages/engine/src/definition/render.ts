/** Writes a definition as a document that a new colleague can read. Every text of the definition is shown as text, never as markup. */
import type { Definition } from './language.ts'
import { outlineOf, type Block } from './outline.ts'

/** As Markdown (CommonMark with tables). */
export function renderMarkdown(definition: Definition): string {
  return `${outlineOf(definition).map(markdownBlock).join('\n\n')}\n`
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${markdownText(block.text)}`
    case 'paragraph':
      return markdownLine(block.text)
    case 'list':
      return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${markdownLine(item)}`).join('\n')
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows]
        .map((row, at) => markdownRow(row, at === 1))
        .join('\n')
  }
}

const markdownRow = (cells: readonly string[], isRule: boolean): string =>
  `| ${cells.map((cell) => (isRule ? cell : markdownText(cell))).join(' | ')} |`

/** Everything that Markdown, its usual link finders, or a template engine could take for more than a letter. */
const markdownText = (text: string): string =>
  oneLine(text).replaceAll(/[\\`*_{}[\]<>#|!~&$^=@]|:(?=\S)|(?<=www)\./gi, markdownCharacter)
/** A backslash keeps Markdown off; braces, angles and ampersands are entities, which also keeps templates off. */
const markdownCharacter = (character: string): string =>
  '<>&{}'.includes(character) ? entity(character) : `\\${character}`
/** At the beginning of a line some more would make a list, a heading or a rule. */
const markdownLine = (text: string): string =>
  markdownText(text)
    .replace(/^([-+])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

const entity = (character: string): string => `&#${character.codePointAt(0)};`
/** Text that nothing in it makes markup. */
export const htmlText = (text: string): string => text.replaceAll(/[&<>"'{}`]/g, entity)

/** As one HTML page without script, which follows the reader's light or dark setting and prints well. */
export function renderHtml(definition: Definition): string {
  return renderPage(definition.name, outlineOf(definition))
}

/** A picture among the blocks of a page: SVG of ours, with what it shows in words for whoever does not see it. */
export interface Drawing {
  readonly kind: 'drawing'
  /** What is inside `<svg>`: every text in it has gone through `htmlText`. */
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly says: string
}

/** Headings, paragraphs, lists, tables and drawings as one such page. */
export function renderPage(name: string, blocks: readonly (Block | Drawing)[]): string {
  const title = htmlText(oneLine(name))
  const sections = blocks.flatMap((block, at) =>
    block.kind === 'heading' && block.level === 2 ? [{ at, text: block.text }] : [],
  )
  const contents = sections.map(({ at, text }) => `<li><a href="#part-${at}">${htmlText(text)}</a></li>`).join('')
  const written = blocks.map((block, at) => htmlBlock(block, at))
  const intro = sections[0]?.at ?? written.length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${written.slice(0, intro).join('\n')}
<nav aria-label="Contents"><ol>${contents}</ol></nav>
${written.slice(intro).join('\n')}
</main>
</body>
</html>
`
}

function htmlBlock(block: Block | Drawing, at: number): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level} id="part-${at}">${htmlText(block.text)}</h${block.level}>`
    case 'paragraph':
      return `<p>${htmlText(block.text)}</p>`
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul'
      return `<${tag}>${block.items.map((item) => `<li>${htmlText(item)}</li>`).join('')}</${tag}>`
    }
    case 'table': {
      const head = block.head.map((cell) => `<th scope="col">${htmlText(cell)}</th>`).join('')
      const rows = block.rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`).join('')
      return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
    }
    case 'drawing': {
      const { svg, width, height, says } = block
      return `<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(says)}">${svg}</svg><figcaption>${htmlText(says)}</figcaption></figure>`
    }
  }
}

const NUMBER = /^[+−]?[\d,]+(\.\d+)?( %)?$/
const htmlCell = (text: string): string => `<td${NUMBER.test(text) ? ' class="number"' : ''}>${htmlText(text)}</td>`

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --ground: #ffffff; --shade: #f6f8fa; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9ea7b3; --line: #3d444d; --ground: #0d1117; --shade: #161b22; --link: #79b8ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.4rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.25rem 0 .5rem; color: var(--soft); }
p, li { max-width: 45rem; }
a { color: var(--link); }
nav ol { columns: 2 14rem; padding-left: 1.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .94rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); unicode-bidi: isolate; }
th { background: var(--shade); font-weight: 600; }
figure { margin: 1rem 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; font-size: 11px; fill: var(--ink); }
figcaption { color: var(--soft); font-size: .9rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --ground: #fff; --shade: #eee; --link: #000; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  .wide { overflow: visible; }
  h2, h3, h4 { break-after: avoid; }
  tr, li { break-inside: avoid; }
  thead { display: table-header-group; }
}
`
