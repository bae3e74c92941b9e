import { Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './page.module.css'

/** A screen: its title, what can be done with all of it, and its body. */
export function Page({
  title,
  beside,
  actions,
  isWide = false,
  children,
}: {
  readonly title: string
  /** A number or a short note beside the title. */
  readonly beside?: ReactNode
  readonly actions?: ReactNode
  /** Tables use all the width there is; text does not. */
  readonly isWide?: boolean
  readonly children: ReactNode
}) {
  useDocumentTitle(`${title} · Winnow`)
  return (
    <div className={classes.page} data-wide={isWide || undefined}>
      <header className={classes.head}>
        <Title order={1}>{title}</Title>
        {beside !== undefined && <div className={classes.beside}>{beside}</div>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}
