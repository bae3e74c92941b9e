/** A definition as a document that a new colleague can read. Everything in it is text, never markup. */
import { Alert, Text } from '@mantine/core'
import { outlineOf, parseDefinitionText, type Block } from '@winnow/engine'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './document.module.css'

export default function Document({ text }: { readonly text: string }) {
  const { t } = useTranslation('definition')
  const blocks = useMemo(() => {
    const parsed = parseDefinitionText(text)
    return parsed.ok ? outlineOf(parsed.definition) : undefined
  }, [text])
  if (blocks === undefined) return <Alert color="red">{t('document.unreadable')}</Alert>
  const sections = blocks.flatMap((block, at) =>
    block.kind === 'heading' && block.level === 2 ? [{ at, title: block.text }] : [],
  )
  return (
    <div className={classes.document} lang="en">
      <nav aria-label={t('document.contents')} className={classes.contents}>
        <ol>
          {sections.map(({ at, title }) => (
            <li key={at}>
              <a href={`#part-${at}`}>{title}</a>
            </li>
          ))}
        </ol>
      </nav>
      <article className={classes.body}>
        {blocks.map((block, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- blocks of a text never change places
          <BlockShown key={at} block={block} at={at} />
        ))}
      </article>
    </div>
  )
}

function BlockShown({ block, at }: { readonly block: Block; readonly at: number }) {
  switch (block.kind) {
    case 'heading': {
      // The page has a title already: the document's own is said by it.
      if (block.level === 1) return undefined
      const Heading = `h${block.level}` as const
      return <Heading id={`part-${at}`}>{block.text}</Heading>
    }
    case 'paragraph':
      return <Text component="p">{block.text}</Text>
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((item, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>{item}</li>
          ))}
        </List>
      )
    }
    case 'table':
      return <TableShown head={block.head} rows={block.rows} />
  }
}

const NUMBER = /^[−+]?\d[\d,]*(?:\.\d+)?$/

const TableShown = ({
  head,
  rows,
}: {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}) => (
  // A wide table scrolls by itself, also by keyboard.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <section className={classes.wide} tabIndex={0} aria-label={head.join(', ')}>
    <table>
      <thead>
        <tr>
          {head.map((cell) => (
            <th key={cell} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={head[column]} data-number={NUMBER.test(cell) || undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)
