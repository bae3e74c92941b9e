/** What the capacity of teams depends on: the days that they work, the stage at which they take over, and how many they are. */
import { Button, Chip, Fieldset, Group, NumberInput, Select, Stack, TagsInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { holidaysIn, isDay } from './holidays.ts'

export interface CapacityAsked {
  readonly handover: string | null
  readonly holidays: readonly string[]
  readonly workdays: readonly number[]
  readonly reps: number | null
}

export const AS_USUAL: CapacityAsked = { handover: null, holidays: [], workdays: [1, 2, 3, 4, 5], reps: null }

const WEEK = [1, 2, 3, 4, 5, 6, 7] as const
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5)
const DAY_MS = 86_400_000

export function NewCapacity({
  asked,
  change,
  span,
}: {
  readonly asked: CapacityAsked
  readonly change: (next: CapacityAsked) => void
  readonly span: { readonly from: string; readonly to: string }
}) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const words = useDefinition()
  const [wrong, setWrong] = useState<string>()
  const later = words.outline.stages.slice(1)
  const usual = holidaysIn(span).filter((day) => !asked.holidays.includes(day))
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <Select
          w={220}
          label={t('new.handover')}
          description={t('new.handoverSaid')}
          placeholder={t('new.asDefinition')}
          clearable
          allowDeselect
          value={asked.handover}
          data={later.map(({ name, label }) => ({ value: name, label }))}
          onChange={(handover) => change({ ...asked, handover })}
        />
        <NumberInput
          w={220}
          label={t('new.reps')}
          description={t('new.repsSaid')}
          placeholder="–"
          min={1}
          max={10_000}
          allowDecimal={false}
          value={asked.reps ?? ''}
          onChange={(reps) => change({ ...asked, reps: typeof reps === 'number' && reps >= 1 ? reps : null })}
        />
      </Group>
      <Fieldset variant="unstyled" legend={t('new.workdays')}>
        <Chip.Group
          multiple
          value={asked.workdays.map(String)}
          onChange={(days) => {
            if (days.length > 0) change({ ...asked, workdays: WEEK.filter((day) => days.includes(String(day))) })
          }}
        >
          <Group gap={6} mt={6}>
            {WEEK.map((day) => (
              <Chip key={day} value={String(day)} size="xs">
                {formats.weekday(MONDAY + (day - 1) * DAY_MS)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Fieldset>
      <TagsInput
        label={t('new.holidays')}
        description={t('new.holidaysSaid')}
        placeholder={asked.holidays.length === 0 ? '2026-12-25' : ''}
        acceptValueOnBlur
        splitChars={[',', ' ']}
        value={[...asked.holidays]}
        error={wrong === undefined ? undefined : t('new.noDay', { day: wrong })}
        onChange={(days) => {
          setWrong(days.find((day) => !isDay(day)))
          change({ ...asked, holidays: days.filter(isDay).toSorted() })
        }}
      />
      {usual.length > 0 && (
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => change({ ...asked, holidays: [...asked.holidays, ...usual].toSorted() })}
          >
            {t('new.addUsual', { count: usual.length })}
          </Button>
        </div>
      )}
    </Stack>
  )
}
