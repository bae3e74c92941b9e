import { Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import classes from './panel.module.css'

/** A part of a screen with a heading of its own. */
export function Panel({
  title,
  aside,
  children,
}: {
  readonly title: string
  /** Something small at the end of the heading's line. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.head}>
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  )
}
