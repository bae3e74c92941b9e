/** The page as it was: any instant, in the address, so that it can be sent to somebody. */
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight, IconClockHour4, IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { useNow } from '../../app/clock.ts'
import { useFormats } from '../../app/format.ts'
import { localMinute } from '../../app/local-minute.ts'
import type { Explanation, Lead, Then } from './lead-queries.ts'
import classes from './time-travel.module.css'

export function useTravel(): (then: Then | undefined) => void {
  const navigate = useNavigate({ from: '/leads/$lead' })
  return (then) =>
    void navigate({
      search: ({ show }) => ({ ...(show && { show }), ...then }),
      resetScroll: false,
    })
}

export function TravelButton({ at }: { readonly at: string | undefined }) {
  const { t } = useTranslation('lead')
  const now = useNow()
  const travel = useTravel()
  const [isOpen, { close, toggle }] = useDisclosure()
  const [chosen, setChosen] = useState('')
  const value = chosen || localMinute(at === undefined ? now : Date.parse(at))
  return (
    <Popover opened={isOpen} onChange={(open) => !open && close()} position="bottom-end" trapFocus withArrow>
      <Popover.Target>
        <Button
          className="no-print"
          variant="subtle"
          color="gray"
          leftSection={<IconHistory size={16} />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          {t('travel.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            close()
            travel({ at: new Date(value).toISOString() })
          }}
        >
          <Stack gap="xs">
            <TextInput
              type="datetime-local"
              label={t('travel.when')}
              max={localMinute(now)}
              required
              value={value}
              onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            />
            <Button type="submit">{t('travel.go')}</Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

export function PastBanner({
  lead,
  explanation,
  then,
}: {
  readonly lead: Lead
  readonly explanation: Explanation | undefined
  readonly then: Then
}) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const travel = useTravel()
  const { data } = useQuery(ask('leads', 'getLedger', { params: { lead: lead.id }, query: { limit: 200 } }))
  const at = Date.parse(then.at ?? '')
  const instants = [...new Set(data?.items.map((line) => line.at))].toSorted()
  const earlier = instants.findLast((each) => Date.parse(each) < at)
  const later = instants.find((each) => Date.parse(each) > at)
  return (
    <section className={classes.banner} aria-label={t('travel.open')}>
      <IconClockHour4 size={18} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <Text size="sm" fw={560}>
          {t('travel.asOf', { at: formats.dateTime(then.at ?? '') })}
        </Text>
        <Text size="xs" c="dimmed">
          {at < Date.parse(lead.createdAt)
            ? t('travel.before', { at: formats.date(lead.createdAt) })
            : explanation === undefined
              ? ''
              : t(then.known === undefined ? 'travel.knownThen' : 'travel.knownLater', {
                  version: explanation.version,
                  at: formats.dateTime(explanation.knownAt),
                })}
        </Text>
      </div>
      <Group gap={4} className="no-print">
        <Tooltip label={t('travel.earlier')}>
          <ActionIcon
            variant="default"
            aria-label={t('travel.earlier')}
            disabled={earlier === undefined}
            onClick={() => travel({ at: earlier! })}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('travel.later')}>
          <ActionIcon
            variant="default"
            aria-label={t('travel.later')}
            disabled={later === undefined}
            onClick={() => travel({ at: later! })}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Tooltip>
        <Button size="compact-sm" onClick={() => travel(undefined)}>
          {t('travel.back')}
        </Button>
      </Group>
    </section>
  )
}
