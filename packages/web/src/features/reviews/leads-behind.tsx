/** Every number of a review opens the leads behind it. */
import { Drawer, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { PeopleList } from '../../ui/people-list.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './reviews.module.css'

const OpenFigure = createContext<(figure: string) => void>(() => {})

export const Opening = ({
  value,
  children,
}: {
  readonly value: (figure: string) => void
  readonly children: ReactNode
}) => <OpenFigure value={value}>{children}</OpenFigure>

/** A number, or what stands for one, that opens its leads. */
export function Behind({ figure, children }: { readonly figure: string | null; readonly children: ReactNode }) {
  const { t } = useTranslation('reviews')
  const open = useContext(OpenFigure)
  if (figure === null) return <span className="tabular">{children}</span>
  return (
    <UnstyledButton className={classes.behind} title={t('leadsBehind')} onClick={() => open(figure)}>
      {children}
    </UnstyledButton>
  )
}

export function LeadsBehind({
  review,
  figure,
  close,
}: {
  readonly review: string
  readonly figure: string | undefined
  readonly close: () => void
}) {
  const { t } = useTranslation(['reviews', 'common'])
  return (
    <Drawer
      opened={figure !== undefined}
      onClose={close}
      position="right"
      title={t('leadsBehind')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      {figure !== undefined && <FigureLeads review={review} figure={figure} />}
    </Drawer>
  )
}

export function FigureLeads({
  review,
  figure,
  max,
}: {
  readonly review: string
  readonly figure: string
  readonly max?: number
}) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const leads = useQuery(ask('reviews', 'listReviewLeads', { params: { review }, query: { figure } }))
  if (leads.error) return <ErrorNote error={leads.error} retry={() => void leads.refetch()} />
  if (leads.data === undefined) return <RowsSkeleton count={4} />
  const { items, total } = leads.data
  const shown = max === undefined ? items : items.slice(0, max)
  return (
    <>
      {total === 0 && <Text size="sm">{t('nobody')}</Text>}
      <PeopleList people={shown} />
      {shown.length < total && (
        <Text size="sm" c="dimmed" mt="sm">
          <Behind figure={max === undefined ? null : figure}>
            {t('someOf', { shown: formats.number(shown.length), total: formats.number(total) })}
          </Behind>
        </Text>
      )}
    </>
  )
}
