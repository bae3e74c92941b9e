import { ActionIcon, Indicator, Tooltip } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from './api.ts'
import { withTexts } from './text.ts'

const NoticesList = lazy(withTexts('notices', () => import('./notices.tsx')))

export type Notices = Reply<'proposals', 'listNotices'>
export const noticesQuery = () => ask('proposals', 'listNotices')

/** There only for those whom anything was ever told: what waits for somebody, and what they have not read. */
export function Bell() {
  const { t } = useTranslation()
  const { data } = useQuery({ ...noticesQuery(), staleTime: 60_000 })
  const [isOpen, setOpen] = useState(false)
  if (data === undefined) return null
  const count = countOf(data)
  // A review that is due has its mark beside its place: alone it rings no bell.
  if (data.items.length + data.waiting.length + data.sessions.length === 0) return null
  const label = t('nav.notices', { count })
  return (
    <>
      <Tooltip label={label}>
        <Indicator
          label={count}
          size={16}
          disabled={count === 0}
          offset={5}
          styles={{ indicator: { pointerEvents: 'none' } }}
        >
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setOpen(true)}>
            <IconBell size={18} stroke={1.7} />
          </ActionIcon>
        </Indicator>
      </Tooltip>
      <Suspense>{isOpen && <NoticesList close={() => setOpen(false)} />}</Suspense>
    </>
  )
}

/** What waits for somebody counts once, whatever was told of it. */
function countOf({ waiting, sessions, review, items }: Notices): number {
  const waits = new Set([...waiting.map(({ proposal }) => proposal), ...sessions.map(({ session }) => session)])
  const news = items.filter(({ isRead, proposal, session }) => !isRead && !waits.has((proposal ?? session)!))
  return waits.size + (review === null ? 0 : 1) + news.length
}
