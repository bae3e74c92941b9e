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
  if (data === undefined || (data.items.length === 0 && data.waiting.length === 0)) return null
  const count = countOf(data)
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

/** A proposal that waits for somebody counts once, whatever was told of it. */
function countOf({ waiting, items }: Notices): number {
  const waits = new Set(waiting.map(({ proposal }) => proposal))
  return waits.size + items.filter(({ isRead, proposal }) => !isRead && !waits.has(proposal)).length
}
