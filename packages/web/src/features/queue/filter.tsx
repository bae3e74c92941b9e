/** Which stages and levels the queue is of. */
import { Button, Checkbox, Group, Popover, Stack } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { levelsIn, type QueueSearch, stagesIn, withLevels, withStages } from './search.ts'

export function QueueFilter({
  search,
  change,
}: {
  readonly search: QueueSearch
  readonly change: (search: QueueSearch) => void
}) {
  const { t } = useTranslation('queue')
  const { outline } = useDefinition()
  const stages = stagesIn(search)
  const count = Number(stages.length > 0) + (search.level?.length ?? 0)
  return (
    <Popover position="bottom-end" shadow="md" trapFocus withinPortal={false}>
      <Popover.Target>
        <Button
          variant={count > 0 ? 'light' : 'default'}
          leftSection={<IconFilter size={16} stroke={1.8} aria-hidden />}
          aria-label={count > 0 ? t('filter.some', { count }) : t('filter.open')}
        >
          {t('filter.open')}
          {count > 0 && ` · ${count}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah="60dvh" style={{ overflowY: 'auto' }}>
        <Stack gap="md">
          <Choices
            label={t('filter.stage')}
            all={outline.stages}
            chosen={stages}
            choose={(chosen) => change(withStages(search, chosen))}
          />
          {outline.categories.map(({ name, label, levels }) => (
            <Choices
              key={name}
              label={label}
              all={levels}
              chosen={levelsIn(search, name)}
              choose={(chosen) => change(withLevels(search, name, chosen))}
            />
          ))}
          <Button variant="subtle" size="compact-sm" disabled={count === 0} onClick={() => change({})}>
            {t('filter.clear')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({
  label,
  all,
  chosen,
  choose,
}: {
  readonly label: string
  readonly all: readonly { readonly name: string; readonly label: string }[]
  readonly chosen: readonly string[]
  readonly choose: (chosen: readonly string[]) => void
}) {
  return (
    <Checkbox.Group label={label} value={[...chosen]} onChange={choose}>
      <Group gap="xs" mt={6} maw={300}>
        {all.map((each) => (
          <Checkbox key={each.name} size="xs" value={each.name} label={each.label} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}
